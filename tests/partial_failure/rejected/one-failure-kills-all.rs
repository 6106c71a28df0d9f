//! "A JoinSet has `join_all`": it has, and it panics when one of its tasks has.

use std::any::Any;
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
    for (place, job) in jobs.into_iter().enumerate() {
        set.spawn(async move { (place, timeout(each, job).await) });
    }
    let mut outcomes = set.join_all().await;
    outcomes.sort_by_key(|(place, _)| *place);
    let mut report = Report { done: Vec::new(), failed: Vec::new() };
    for (place, outcome) in outcomes {
        match outcome {
            Ok(Ok(result)) => report.done.push((place, result)),
            Ok(Err(error)) => report.failed.push((place, Failure::Error(error))),
            Err(_) => report.failed.push((place, Failure::TimedOut)),
        }
    }
    report
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
