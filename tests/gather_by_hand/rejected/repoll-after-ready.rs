//! "Poll them all, and when all of them are ready, take what they gave."

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    JoinAll { parts: iter.into_iter().map(Box::pin).collect() }
}

pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    TryJoinAll { parts: iter.into_iter().map(Box::pin).collect() }
}

pub struct JoinAll<F> {
    parts: Vec<Pin<Box<F>>>,
}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let polled: Vec<_> = self.parts.iter_mut().map(|part| part.as_mut().poll(cx)).collect();
        if polled.iter().any(Poll::is_pending) {
            return Poll::Pending;
        }
        let ready = |poll| match poll {
            Poll::Ready(output) => output,
            Poll::Pending => unreachable!(),
        };
        Poll::Ready(polled.into_iter().map(ready).collect())
    }
}

pub struct TryJoinAll<F> {
    parts: Vec<Pin<Box<F>>>,
}

impl<F, T, E> Future for TryJoinAll<F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<Vec<T>, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut results = Vec::new();
        for part in &mut self.parts {
            match part.as_mut().poll(cx) {
                Poll::Ready(Ok(value)) => results.push(value),
                Poll::Ready(Err(error)) => {
                    self.parts.clear();
                    return Poll::Ready(Err(error));
                }
                Poll::Pending => {}
            }
        }
        if results.len() == self.parts.len() { Poll::Ready(Ok(results)) } else { Poll::Pending }
    }
}
