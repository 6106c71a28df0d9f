//! "They all run, and each await has its limit": that begins when the one before is over.

use std::any::Any;
use std::time::Duration;

use futures::StreamExt;
use futures::future::{BoxFuture, try_join_all};
use futures::stream::FuturesUnordered;
use tokio::task::JoinHandle;
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
    struct Owned<T>(JoinHandle<T>);
    impl<T> Drop for Owned<T> {
        fn drop(&mut self) {
            self.0.abort();
        }
    }
    let tasks: Vec<_> = jobs.into_iter().map(|job| Owned(tokio::spawn(job))).collect();
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for (place, mut task) in tasks.into_iter().enumerate() {
        match timeout(each, &mut task.0).await {
            Ok(Ok(Ok(result))) => done.push((place, result)),
            Ok(Ok(Err(error))) => failed.push((place, Failure::Error(error))),
            Ok(Err(error)) => failed.push((place, Failure::Panicked(error.into_panic()))),
            Err(_) => {
                task.0.abort();
                let _ = (&mut task.0).await;
                failed.push((place, Failure::TimedOut));
            }
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
