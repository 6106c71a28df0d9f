//! "One after the other: when this one is ready, on to the next."

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    let running: Vec<_> = iter.into_iter().map(|part| Some(Box::pin(part))).collect();
    let results = running.iter().map(|_| None).collect();
    JoinAll { running, results }
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
            if let Some(part) = place {
                *result = Some(ready!(part.as_mut().poll(cx)));
                *place = None;
            }
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
            if let Some(part) = place {
                let output = ready!(part.as_mut().poll(cx));
                if let Err(error) = output {
                    this.running.clear();
                    return Poll::Ready(Err(error));
                }
                *result = Some(output);
                *place = None;
            }
        }
        Poll::Ready(this.results.drain(..).flatten().collect())
    }
}
