//! "`enumerate` gives the places": of what has come, not of the list.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::future::{BoxFuture, try_join_all};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
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
    let running: FuturesUnordered<_> =
        jobs.into_iter().map(|job| timeout(each, AssertUnwindSafe(job).catch_unwind())).collect();
    let outcomes: Vec<_> = running.collect().await;
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for (place, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Ok(Ok(Ok(result))) => done.push((place, result)),
            Ok(Ok(Err(error))) => failed.push((place, Failure::Error(error))),
            Ok(Err(panic)) => failed.push((place, Failure::Panicked(panic))),
            Err(_) => failed.push((place, Failure::TimedOut)),
        }
    }
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
