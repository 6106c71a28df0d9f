//! "Poll the jobs, then poll a timer": a new one in each poll, and nobody keeps it.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures::StreamExt;
use futures::future::{BoxFuture, try_join_all};
use futures::stream::FuturesUnordered;
use tokio::time::sleep;

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
    let mut jobs: Vec<_> = jobs.into_iter().map(Some).collect();
    let mut report = Report { done: Vec::new(), failed: Vec::new() };
    poll_fn(|cx| {
        for (place, slot) in jobs.iter_mut().enumerate() {
            let Some(job) = slot else { continue };
            match catch_unwind(AssertUnwindSafe(|| job.as_mut().poll(cx))) {
                Ok(Poll::Pending) => continue,
                Ok(Poll::Ready(Ok(result))) => report.done.push((place, result)),
                Ok(Poll::Ready(Err(error))) => report.failed.push((place, Failure::Error(error))),
                Err(panic) => report.failed.push((place, Failure::Panicked(panic))),
            }
            *slot = None;
        }
        let mut end = pin!(sleep(each));
        if jobs.iter().all(Option::is_none) { Poll::Ready(()) } else { end.as_mut().poll(cx) }
    })
    .await;
    let late = jobs.iter().enumerate().filter(|(_, job)| job.is_some());
    report.failed.extend(late.map(|(place, _)| (place, Failure::TimedOut)));
    report.done.sort_by_key(|line| line.0);
    report.failed.sort_by_key(|line| line.0);
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
