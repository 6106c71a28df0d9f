//! "One result for each poll, then Pending": the job that is ready has woken nobody since.

use std::any::Any;
use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::task::Poll;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, join_all, try_join_all};
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

pub async fn quorum<T, E>(mut jobs: Vec<Job<T, E>>, need: usize) -> Result<Vec<T>, Vec<E>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let (mut good, mut errors) = (Vec::new(), Vec::new());
    poll_fn(|cx| {
        if good.len() == need {
            return Poll::Ready(Ok(std::mem::take(&mut good)));
        }
        if good.len() + jobs.len() < need {
            return Poll::Ready(Err(std::mem::take(&mut errors)));
        }
        for place in 0..jobs.len() {
            match jobs[place].as_mut().poll(cx) {
                Poll::Pending => continue,
                Poll::Ready(Ok(result)) => good.push(result),
                Poll::Ready(Err(error)) => errors.push(error),
            }
            drop(jobs.remove(place));
            break;
        }
        Poll::Pending
    })
    .await
}
