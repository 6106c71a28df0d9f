//! No macro and no crate: each poll asks all that are left.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::sleep;

pub type Job<T, E> = BoxFuture<'static, Result<T, E>>;

pub async fn all_or_nothing<T, E>(jobs: Vec<Job<T, E>>) -> Result<Vec<T>, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let mut jobs: Vec<_> = jobs.into_iter().map(Some).collect();
    let mut results: Vec<Option<T>> = jobs.iter().map(|_| None).collect();
    poll_fn(|cx| {
        for (place, slot) in jobs.iter_mut().enumerate() {
            let Some(job) = slot else { continue };
            match job.as_mut().poll(cx) {
                Poll::Ready(Ok(result)) => {
                    results[place] = Some(result);
                    *slot = None;
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {}
            }
        }
        match results.iter().all(Option::is_some) {
            true => Poll::Ready(Ok(results.drain(..).flatten().collect())),
            false => Poll::Pending,
        }
    })
    .await
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
    let mut end = pin!(sleep(each));
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
        if jobs.iter().all(Option::is_none) { Poll::Ready(()) } else { end.as_mut().poll(cx) }
    })
    .await;
    let late = jobs.iter().enumerate().filter(|(_, job)| job.is_some());
    report.failed.extend(late.map(|(place, _)| (place, Failure::TimedOut)));
    report.done.sort_by_key(|line| line.0);
    report.failed.sort_by_key(|line| line.0);
    report
}

pub async fn quorum<T, E>(mut jobs: Vec<Job<T, E>>, need: usize) -> Result<Vec<T>, Vec<E>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let (mut good, mut errors) = (Vec::new(), Vec::new());
    poll_fn(|cx| {
        let mut place = 0;
        while good.len() < need && good.len() + jobs.len() >= need && place < jobs.len() {
            match jobs[place].as_mut().poll(cx) {
                Poll::Pending => {
                    place += 1;
                    continue;
                }
                Poll::Ready(Ok(result)) => good.push(result),
                Poll::Ready(Err(error)) => errors.push(error),
            }
            // Dropped here. The others move up, and that is allowed: they are in boxes.
            drop(jobs.remove(place));
        }
        match (good.len() == need, good.len() + jobs.len() < need) {
            (true, _) => Poll::Ready(Ok(std::mem::take(&mut good))),
            (_, true) => Poll::Ready(Err(std::mem::take(&mut errors))),
            _ => Poll::Pending,
        }
    })
    .await
}
