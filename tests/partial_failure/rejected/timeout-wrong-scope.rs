//! "One `timeout` around them all": when it is up, the results go with it.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::future::{BoxFuture, join_all, try_join_all};
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
    let count = jobs.len();
    let all = join_all(jobs.into_iter().map(|job| AssertUnwindSafe(job).catch_unwind()));
    let Ok(outcomes) = timeout(each, all).await else {
        let failed = (0..count).map(|place| (place, Failure::TimedOut)).collect();
        return Report { done: Vec::new(), failed };
    };
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for (place, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Ok(Ok(result)) => done.push((place, result)),
            Ok(Err(error)) => failed.push((place, Failure::Error(error))),
            Err(panic) => failed.push((place, Failure::Panicked(panic))),
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
