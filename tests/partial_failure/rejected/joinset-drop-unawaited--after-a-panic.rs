//! "A panic unwinds, and unwinding drops the set."

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
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
            Err(error) => resume_unwind(error.into_panic()),
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
    let outcomes = join_all(jobs.into_iter().map(|job| async move {
        match timeout(each, AssertUnwindSafe(job).catch_unwind()).await {
            Ok(Ok(result)) => result.map_err(Failure::Error),
            Ok(Err(panic)) => Err(Failure::Panicked(panic)),
            Err(_) => Err(Failure::TimedOut),
        }
    }))
    .await;
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for (place, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Ok(result) => done.push((place, result)),
            Err(failure) => failed.push((place, failure)),
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
