//! "Spawned early is done early": the tasks begin at the call.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, join_all, try_join_all};
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

pub fn quorum<T, E>(
    jobs: Vec<Job<T, E>>,
    need: usize,
) -> impl Future<Output = Result<Vec<T>, Vec<E>>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let mut set: JoinSet<_> = jobs.into_iter().collect();
    async move {
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
}
