//! "The channel closes when all have sent": not as long as I have a sender, too.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::future::{BoxFuture, try_join_all};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use tokio::sync::mpsc;
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
    let (tell, mut news) = mpsc::unbounded_channel();
    let mut set = JoinSet::new();
    for (place, job) in jobs.into_iter().enumerate() {
        let tell = tell.clone();
        set.spawn(async move {
            let ended = timeout(each, AssertUnwindSafe(job).catch_unwind()).await;
            let _ = tell.send((place, ended));
        });
    }
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    while let Some((place, ended)) = news.recv().await {
        match ended {
            Ok(Ok(Ok(result))) => done.push((place, result)),
            Ok(Ok(Err(error))) => failed.push((place, Failure::Error(error))),
            Ok(Err(panic)) => failed.push((place, Failure::Panicked(panic))),
            Err(_) => failed.push((place, Failure::TimedOut)),
        }
    }
    done.sort_by_key(|line| line.0);
    failed.sort_by_key(|line| line.0);
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
