//! "Whoever is ready leaves the list, and its result goes to the others."

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    let running = iter.into_iter().map(Box::pin).collect();
    JoinAll { running, results: Vec::new() }
}

pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    let running = iter.into_iter().map(Box::pin).collect();
    TryJoinAll { running, results: Vec::new() }
}

pub struct JoinAll<F: Future> {
    running: Vec<Pin<Box<F>>>,
    results: Vec<F::Output>,
}

pub struct TryJoinAll<F: Future> {
    running: Vec<Pin<Box<F>>>,
    results: Vec<F::Output>,
}

impl<F: Future> Unpin for JoinAll<F> {}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.running.retain_mut(|part| match part.as_mut().poll(cx) {
            Poll::Ready(output) => {
                this.results.push(output);
                false
            }
            Poll::Pending => true,
        });
        if !this.running.is_empty() {
            return Poll::Pending;
        }
        Poll::Ready(this.results.drain(..).collect())
    }
}

impl<F: Future> Unpin for TryJoinAll<F> {}

impl<F, T, E> Future for TryJoinAll<F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<Vec<T>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let mut failed = false;
        this.running.retain_mut(|part| match part.as_mut().poll(cx) {
            Poll::Ready(output) => {
                failed |= output.is_err();
                this.results.push(output);
                false
            }
            Poll::Pending => true,
        });
        if failed {
            this.running.clear();
        }
        if !this.running.is_empty() {
            return Poll::Pending;
        }
        Poll::Ready(this.results.drain(..).collect())
    }
}
