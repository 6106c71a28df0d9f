//! A stream that runs them all at once, tasks of this thread only, and a set that is aborted and then emptied.

use std::any::Any;
use std::panic::resume_unwind;
use std::sync::Mutex;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{TryStreamExt, stream};
use tokio::task::{JoinSet, LocalSet, spawn_local};
use tokio::time::timeout;

pub type Job<T, E> = BoxFuture<'static, Result<T, E>>;

pub async fn all_or_nothing<T, E>(jobs: Vec<Job<T, E>>) -> Result<Vec<T>, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let results: Mutex<Vec<Option<T>>> = Mutex::new(jobs.iter().map(|_| None).collect());
    stream::iter(jobs.into_iter().enumerate().map(Ok))
        .try_for_each_concurrent(None, |(place, job)| {
            let results = &results;
            async move {
                let result = job.await?;
                results.lock().unwrap()[place] = Some(result);
                Ok(())
            }
        })
        .await?;
    Ok(results.into_inner().unwrap().into_iter().flatten().collect())
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
    let set = LocalSet::new();
    set.run_until(async move {
        let handles: Vec<_> = jobs.into_iter().map(|job| spawn_local(timeout(each, job))).collect();
        let (mut done, mut failed) = (Vec::new(), Vec::new());
        for (place, handle) in handles.into_iter().enumerate() {
            match handle.await {
                Ok(Ok(Ok(result))) => done.push((place, result)),
                Ok(Ok(Err(error))) => failed.push((place, Failure::Error(error))),
                Ok(Err(_)) => failed.push((place, Failure::TimedOut)),
                Err(error) => failed.push((place, Failure::Panicked(error.into_panic()))),
            }
        }
        Report { done, failed }
    })
    .await
}

pub async fn quorum<T, E>(jobs: Vec<Job<T, E>>, need: usize) -> Result<Vec<T>, Vec<E>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    if need > jobs.len() {
        return Err(vec![]);
    }
    let mut chances = jobs.len();
    let (mut good, mut bad) = (vec![], vec![]);
    let mut set = JoinSet::new();
    for job in jobs {
        set.spawn(job);
    }
    let outcome = loop {
        if good.len() == need {
            break Ok(good);
        }
        if chances < need {
            break Err(bad);
        }
        match set.join_next().await.expect("there is one") {
            Ok(Ok(x)) => good.push(x),
            Ok(Err(e)) => {
                bad.push(e);
                chances -= 1;
            }
            Err(error) => {
                set.abort_all();
                while set.join_next().await.is_some() {}
                resume_unwind(error.into_panic())
            }
        }
    };
    set.abort_all();
    while set.join_next().await.is_some() {}
    outcome
}
