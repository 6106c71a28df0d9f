//! A stream of results with their places, one timer for all jobs, and one race after the other.

use std::any::Any;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::time::Duration;

use futures::future::{BoxFuture, select_all};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use tokio::time::sleep;

pub type Job<T, E> = BoxFuture<'static, Result<T, E>>;

pub async fn all_or_nothing<T, E>(jobs: Vec<Job<T, E>>) -> Result<Vec<T>, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let count = jobs.len().max(1);
    let placed =
        jobs.into_iter().enumerate().map(async |(place, job)| Ok::<_, E>((place, job.await?)));
    let mut results: Vec<(usize, T)> =
        stream::iter(placed).buffer_unordered(count).try_collect().await?;
    results.sort_by_key(|(place, _)| *place);
    Ok(results.into_iter().map(|(_, result)| result).collect())
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
    let mut late: BTreeSet<usize> = (0..jobs.len()).collect();
    let mut running: FuturesUnordered<_> = jobs
        .into_iter()
        .enumerate()
        .map(|(place, job)| AssertUnwindSafe(job).catch_unwind().map(move |ended| (place, ended)))
        .collect();
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    loop {
        let (place, ended) = tokio::select! {
            ended = running.next() => match ended {
                Some(ended) => ended,
                None => break,
            },
            // They all began together, so their time is up together.
            () = &mut end => break,
        };
        late.remove(&place);
        match ended {
            Ok(Ok(result)) => done.push((place, result)),
            Ok(Err(error)) => failed.push((place, Failure::Error(error))),
            Err(panic) => failed.push((place, Failure::Panicked(panic))),
        }
    }
    failed.extend(late.into_iter().map(|place| (place, Failure::TimedOut)));
    done.sort_by_key(|line| line.0);
    failed.sort_by_key(|line| line.0);
    Report { done, failed }
}

pub async fn quorum<T, E>(mut jobs: Vec<Job<T, E>>, need: usize) -> Result<Vec<T>, Vec<E>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let (mut good, mut errors) = (Vec::new(), Vec::new());
    while good.len() < need {
        if good.len() + jobs.len() < need {
            return Err(errors);
        }
        let (ended, _, rest) = select_all(jobs).await;
        jobs = rest;
        match ended {
            Ok(result) => good.push(result),
            Err(error) => errors.push(error),
        }
    }
    Ok(good)
}
