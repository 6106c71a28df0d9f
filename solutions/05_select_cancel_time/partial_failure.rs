//! partial_failure: the reference answer.
//!
//! Three times the same jobs, and each time ask: who looks at a result, when, and
//! what does he do with the rest? All jobs stay futures of this one task. So to
//! drop them is to end them, and nobody has to be awaited for that.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, join_all, try_join_all};
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::time::timeout;

/// Work that may fail: by an error, by a panic, or by taking far too long.
pub type Job<T, E> = BoxFuture<'static, Result<T, E>>;

/// All results, in the order of the list. Or the first error, by time.
pub async fn all_or_nothing<T, E>(jobs: Vec<Job<T, E>>) -> Result<Vec<T>, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    // `join_all` and a `?` behind it would look at the errors at the end.
    try_join_all(jobs).await
}

/// What became of each job.
#[derive(Debug)]
pub struct Report<T, E> {
    /// Who has a result.
    pub done: Vec<(usize, T)>,
    /// Who has none, and why.
    pub failed: Vec<(usize, Failure<E>)>,
}

/// Why there is no result.
#[derive(Debug)]
pub enum Failure<E> {
    /// The job returned an error.
    Error(E),
    /// It was not done in time.
    TimedOut,
    /// It panicked, and this is what the panic carried.
    Panicked(Box<dyn Any + Send>),
}

/// What became of each job. No failure harms any other job.
pub async fn best_effort<T, E>(jobs: Vec<Job<T, E>>, each: Duration) -> Report<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    // Whatever may go wrong is caught around the single job. What `join_all` waits
    // for cannot fail any more, and keeps its place.
    let outcomes = join_all(jobs.into_iter().map(|job| outcome(job, each))).await;

    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for (place, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Ok(result) => done.push((place, result)),
            Err(failure) => failed.push((place, failure)),
        }
    }
    Report { done, failed }
}

/// How one job ends, if that takes no longer than `limit`.
async fn outcome<T, E>(job: Job<T, E>, limit: Duration) -> Result<T, Failure<E>> {
    // After a panic nobody polls the job again, or looks at what it has left half
    // done. That is what we assert.
    let caught = AssertUnwindSafe(job).catch_unwind();
    match timeout(limit, caught).await {
        Ok(Ok(result)) => result.map_err(Failure::Error),
        Ok(Err(panic)) => Err(Failure::Panicked(panic)),
        Err(_elapsed) => Err(Failure::TimedOut),
    }
}

/// The first `need` results, or the errors that have made so many impossible.
pub async fn quorum<T, E>(jobs: Vec<Job<T, E>>, need: usize) -> Result<Vec<T>, Vec<E>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    // Gives what is ready first, and holds what is not.
    let mut running: FuturesUnordered<_> = jobs.into_iter().collect();
    let (mut good, mut errors) = (Vec::new(), Vec::new());
    loop {
        // Asked before each wait, the first one included: with a need of 0, or with
        // too few jobs, there is nothing to wait for.
        if good.len() == need {
            return Ok(good);
        }
        if good.len() + running.len() < need {
            return Err(errors);
        }
        // Somebody is running here, or one of the two would have been true.
        match running.select_next_some().await {
            Ok(result) => good.push(result),
            Err(error) => errors.push(error),
        }
    }
}
