//! The results lie behind a lock: one writes them, many could read them.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, RwLock};
use std::task::{Context, Poll};

pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    let running: Vec<_> = iter.into_iter().map(|part| Some(Box::pin(part))).collect();
    let results = running.iter().map(|_| None).collect();
    JoinAll { running, results: Arc::new(RwLock::new(results)) }
}

pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    TryJoinAll { all: join_all(iter) }
}

type Results<T> = Arc<RwLock<Vec<Option<T>>>>;

pub struct JoinAll<F: Future> {
    running: Vec<Option<Pin<Box<F>>>>,
    results: Results<F::Output>,
}

impl<F: Future> JoinAll<F> {
    fn turn(&mut self, cx: &mut Context<'_>) {
        for (n, place) in self.running.iter_mut().enumerate() {
            if let Some(part) = place
                && let Poll::Ready(output) = part.as_mut().poll(cx)
            {
                self.results.write().unwrap()[n] = Some(output);
                *place = None;
            }
        }
    }
}

impl<F: Future> Unpin for JoinAll<F> {}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.turn(cx);
        if this.running.iter().any(Option::is_some) {
            return Poll::Pending;
        }
        Poll::Ready(this.results.write().unwrap().drain(..).flatten().collect())
    }
}

pub struct TryJoinAll<F: Future> {
    all: JoinAll<F>,
}

impl<F: Future> Unpin for TryJoinAll<F> {}

impl<F, T, E> Future for TryJoinAll<F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<Vec<T>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let all = &mut self.get_mut().all;
        all.turn(cx);
        let mut results = all.results.write().unwrap();
        if let Some(failed) = results.iter().position(|r| matches!(r, Some(Err(_)))) {
            all.running.clear();
            let error = results.swap_remove(failed);
            return Poll::Ready(error.into_iter().collect());
        }
        if all.running.iter().any(Option::is_some) {
            return Poll::Pending;
        }
        Poll::Ready(results.drain(..).flatten().collect())
    }
}
