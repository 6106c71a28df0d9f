//! A task for each job: whoever returns early waits until the others are gone.

use std::any::Any;
use std::collections::HashMap;
use std::panic::resume_unwind;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::task::JoinSet;
use tokio::time::timeout;

pub type Job<T, E> = BoxFuture<'static, Result<T, E>>;

pub async fn all_or_nothing<T, E>(jobs: Vec<Job<T, E>>) -> Result<Vec<T>, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let mut set = JoinSet::new();
    for (place, job) in jobs.into_iter().enumerate() {
        set.spawn(async move { (place, job.await) });
    }
    let mut results: Vec<Option<T>> = std::iter::repeat_with(|| None).take(set.len()).collect();
    while let Some(ended) = set.join_next().await {
        match ended {
            Ok((place, Ok(result))) => results[place] = Some(result),
            Ok((_, Err(error))) => {
                set.shutdown().await;
                return Err(error);
            }
            Err(error) => {
                set.shutdown().await;
                resume_unwind(error.into_panic());
            }
        }
    }
    Ok(results.into_iter().flatten().collect())
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
            Err(error) => {
                let place = places[&error.id()];
                failed.push((place, Failure::Panicked(error.into_panic())));
            }
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
    let mut set: JoinSet<_> = jobs.into_iter().collect();
    let (mut good, mut errors) = (Vec::new(), Vec::new());
    while good.len() < need && good.len() + set.len() >= need {
        match set.join_next().await {
            Some(Ok(Ok(result))) => good.push(result),
            Some(Ok(Err(error))) => errors.push(error),
            Some(Err(panic)) => {
                set.shutdown().await;
                resume_unwind(panic.into_panic());
            }
            None => break,
        }
    }
    set.shutdown().await;
    if good.len() == need { Ok(good) } else { Err(errors) }
}
