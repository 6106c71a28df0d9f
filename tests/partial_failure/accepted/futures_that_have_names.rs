//! No async fn: a future that others have written, one of its own, and a set that is shut down when the time is up.

use std::any::Any;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::{BoxFuture, try_join_all};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

pub type Job<T, E> = BoxFuture<'static, Result<T, E>>;

pub fn all_or_nothing<T, E>(jobs: Vec<Job<T, E>>) -> impl Future<Output = Result<Vec<T>, E>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    try_join_all(jobs)
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
    let end = Instant::now() + each;
    let mut set = JoinSet::new();
    let mut places = HashMap::new();
    for (place, job) in jobs.into_iter().enumerate() {
        places.insert(set.spawn(job).id(), place);
    }
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    while let Ok(Some(ended)) = timeout_at(end, set.join_next_with_id()).await {
        match ended {
            Ok((id, Ok(x))) => done.push((places.remove(&id).unwrap(), x)),
            Ok((id, Err(e))) => failed.push((places.remove(&id).unwrap(), Failure::Error(e))),
            Err(e) => {
                failed.push((places.remove(&e.id()).unwrap(), Failure::Panicked(e.into_panic())))
            }
        }
    }
    set.shutdown().await;
    failed.extend(places.into_values().map(|place| (place, Failure::TimedOut)));
    done.sort_by_key(|l| l.0);
    failed.sort_by_key(|l| l.0);
    Report { done, failed }
}

pub fn quorum<T, E>(jobs: Vec<Job<T, E>>, need: usize) -> Quorum<T, E> {
    Quorum { jobs, need, good: vec![], bad: vec![] }
}

pub struct Quorum<T, E> {
    jobs: Vec<Job<T, E>>,
    need: usize,
    good: Vec<T>,
    bad: Vec<E>,
}

impl<T, E> Unpin for Quorum<T, E> {}

impl<T, E> Future for Quorum<T, E> {
    type Output = Result<Vec<T>, Vec<E>>;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let mut at = 0;
        loop {
            if this.good.len() == this.need {
                this.jobs.clear();
                return Poll::Ready(Ok(std::mem::take(&mut this.good)));
            }
            if this.good.len() + this.jobs.len() < this.need {
                this.jobs.clear();
                return Poll::Ready(Err(std::mem::take(&mut this.bad)));
            }
            if at == this.jobs.len() {
                return Poll::Pending;
            }
            match this.jobs[at].as_mut().poll(cx) {
                Poll::Pending => {
                    at += 1;
                    continue;
                }
                Poll::Ready(Ok(x)) => this.good.push(x),
                Poll::Ready(Err(e)) => this.bad.push(e),
            }
            drop(this.jobs.swap_remove(at));
        }
    }
}
