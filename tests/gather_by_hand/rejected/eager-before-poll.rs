//! "gather starts them all at the call, as in asyncio: a first poll sets them going."

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    let mut all = JoinAll { running: Vec::new(), results: Vec::new() };
    for part in iter {
        let mut part = Box::pin(part);
        match part.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => {
                all.running.push(None);
                all.results.push(Some(output));
            }
            Poll::Pending => {
                all.running.push(Some(part));
                all.results.push(None);
            }
        }
    }
    all
}

pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    let running: Vec<_> = iter.into_iter().map(|part| Some(Box::pin(part))).collect();
    let results = running.iter().map(|_| None).collect();
    TryJoinAll { running, results }
}

pub struct JoinAll<F: Future> {
    running: Vec<Option<Pin<Box<F>>>>,
    results: Vec<Option<F::Output>>,
}

pub struct TryJoinAll<F: Future> {
    running: Vec<Option<Pin<Box<F>>>>,
    results: Vec<Option<F::Output>>,
}

impl<F: Future> Unpin for JoinAll<F> {}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        for (place, result) in this.running.iter_mut().zip(&mut this.results) {
            if let Some(part) = place
                && let Poll::Ready(output) = part.as_mut().poll(cx)
            {
                *result = Some(output);
                *place = None;
            }
        }
        if this.results.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        Poll::Ready(this.results.drain(..).flatten().collect())
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
        for (place, result) in this.running.iter_mut().zip(&mut this.results) {
            if let Some(part) = place
                && let Poll::Ready(output) = part.as_mut().poll(cx)
            {
                if let Err(error) = output {
                    this.running.clear();
                    return Poll::Ready(Err(error));
                }
                *result = Some(output);
                *place = None;
            }
        }
        if this.results.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        Poll::Ready(this.results.drain(..).flatten().collect())
    }
}
