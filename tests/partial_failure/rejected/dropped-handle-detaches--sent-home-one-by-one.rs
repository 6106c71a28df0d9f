//! "I send them home one after the other": and whoever is dropped meanwhile has sent home only some.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, join_all, try_join_all};
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::time::timeout;

pub type Job<T, E> = BoxFuture<'static, Result<T, E>>;

pub async fn all_or_nothing<T, E>(jobs: Vec<Job<T, E>>) -> Result<Vec<T>, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let mut crew = Crew(Vec::new());
    let count = jobs.len();
    let (news, mut told) = tokio::sync::mpsc::unbounded_channel();
    for (place, job) in jobs.into_iter().enumerate() {
        let news = news.clone();
        crew.0.push(tokio::spawn(async move {
            let ended = AssertUnwindSafe(job).catch_unwind().await;
            let _ = news.send((place, ended));
        }));
    }
    let mut results: Vec<Option<T>> = (0..count).map(|_| None).collect();
    for _ in 0..count {
        let (place, ended) = told.recv().await.expect("I have a sender, too");
        match ended {
            Ok(Ok(result)) => results[place] = Some(result),
            failed => {
                for member in std::mem::take(&mut crew.0) {
                    member.abort();
                    let _ = member.await;
                }
                match failed {
                    Ok(Err(error)) => return Err(error),
                    Err(panic) => std::panic::resume_unwind(panic),
                    Ok(Ok(_)) => unreachable!(),
                }
            }
        }
    }
    for member in std::mem::take(&mut crew.0) {
        let _ = member.await;
    }
    Ok(results.into_iter().flatten().collect())
}

struct Crew(Vec<tokio::task::JoinHandle<()>>);

impl Drop for Crew {
    fn drop(&mut self) {
        self.0.iter().for_each(|member| member.abort());
    }
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

async fn outcome<T, E>(job: Job<T, E>, limit: Duration) -> Result<T, Failure<E>> {
    let caught = AssertUnwindSafe(job).catch_unwind();
    match timeout(limit, caught).await {
        Ok(Ok(result)) => result.map_err(Failure::Error),
        Ok(Err(panic)) => Err(Failure::Panicked(panic)),
        Err(_elapsed) => Err(Failure::TimedOut),
    }
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
