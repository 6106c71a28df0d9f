//! Tasks that catch their own panics and tell a channel; their owner sends them home.

use std::any::Any;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub type Job<T, E> = BoxFuture<'static, Result<T, E>>;

pub async fn all_or_nothing<T, E>(jobs: Vec<Job<T, E>>) -> Result<Vec<T>, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let mut results: Vec<Option<T>> = jobs.iter().map(|_| None).collect();
    let mut crew = Crew::hire(jobs);
    let mut failed = None;
    while failed.is_none() {
        match crew.news.recv().await {
            Some((place, Ok(Ok(result)))) => results[place] = Some(result),
            Some((_, other)) => failed = Some(other),
            None => break,
        }
    }
    crew.go_home().await;
    match failed {
        None => Ok(results.into_iter().flatten().collect()),
        Some(Ok(ended)) => Err(ended.err().expect("only failures are kept")),
        Some(Err(panic)) => resume_unwind(panic),
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
    let limited = jobs.into_iter().map(|job| timeout(each, job).boxed());
    let mut crew = Crew::hire(limited);
    let mut lines = std::collections::BTreeMap::new();
    while let Some((place, ended)) = crew.news.recv().await {
        lines.insert(place, ended);
    }
    crew.go_home().await;
    let mut report = Report { done: Vec::new(), failed: Vec::new() };
    for (place, ended) in lines {
        match ended {
            Ok(Ok(Ok(result))) => report.done.push((place, result)),
            Ok(Ok(Err(error))) => report.failed.push((place, Failure::Error(error))),
            Ok(Err(_)) => report.failed.push((place, Failure::TimedOut)),
            Err(panic) => report.failed.push((place, Failure::Panicked(panic))),
        }
    }
    report
}

pub async fn quorum<T, E>(jobs: Vec<Job<T, E>>, need: usize) -> Result<Vec<T>, Vec<E>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let mut chances = jobs.len();
    let mut crew = Crew::hire(jobs);
    let (mut good, mut errors, mut fire) = (Vec::new(), Vec::new(), None);
    while good.len() < need && chances >= need {
        match crew.news.recv().await {
            Some((_, Ok(Ok(result)))) => good.push(result),
            Some((_, Ok(Err(error)))) => {
                errors.push(error);
                chances -= 1;
            }
            Some((_, Err(panic))) => {
                fire = Some(panic);
                break;
            }
            None => break,
        }
    }
    crew.go_home().await;
    match fire {
        Some(panic) => resume_unwind(panic),
        None if good.len() == need => Ok(good),
        None => Err(errors),
    }
}

/// Tasks that report to a channel, each with its place.
struct Crew<T> {
    tasks: Vec<JoinHandle<()>>,
    news: mpsc::UnboundedReceiver<(usize, Result<T, Box<dyn Any + Send>>)>,
}

impl<T: Send + 'static> Crew<T> {
    fn hire(jobs: impl IntoIterator<Item = BoxFuture<'static, T>>) -> Self {
        let (tell, news) = mpsc::unbounded_channel();
        let tasks = jobs
            .into_iter()
            .enumerate()
            .map(|(place, job)| {
                let tell = tell.clone();
                tokio::spawn(async move {
                    let ended = AssertUnwindSafe(job).catch_unwind().await;
                    let _ = tell.send((place, ended));
                })
            })
            .collect();
        Crew { tasks, news }
    }

    /// Stops them, and waits until they have stopped.
    async fn go_home(mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        for task in self.tasks.drain(..) {
            let _ = task.await;
        }
    }
}

impl<T> Drop for Crew<T> {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
