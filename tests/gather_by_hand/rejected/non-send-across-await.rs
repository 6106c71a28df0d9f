//! "Parts of one type, whatever they are: boxes of `dyn Future`." None of those is Send.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

type Running<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

pub fn join_all<'a, I>(iter: I) -> JoinAll<'a, <I::Item as Future>::Output>
where
    I: IntoIterator,
    I::Item: Future + 'a,
{
    let boxed = |part| Some(Box::pin(part) as Running<'a, _>);
    let running: Vec<_> = iter.into_iter().map(boxed).collect();
    let results = running.iter().map(|_| None).collect();
    JoinAll { running, results }
}

pub fn try_join_all<'a, I, T, E>(iter: I) -> TryJoinAll<'a, Result<T, E>>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>> + 'a,
{
    TryJoinAll { all: join_all(iter) }
}

pub struct JoinAll<'a, T> {
    running: Vec<Option<Running<'a, T>>>,
    results: Vec<Option<T>>,
}

impl<T> JoinAll<'_, T> {
    fn turn(&mut self, cx: &mut Context<'_>) {
        for (place, result) in self.running.iter_mut().zip(&mut self.results) {
            if let Some(part) = place
                && let Poll::Ready(output) = part.as_mut().poll(cx)
            {
                *result = Some(output);
                *place = None;
            }
        }
    }
}

impl<T> Unpin for JoinAll<'_, T> {}

impl<T> Future for JoinAll<'_, T> {
    type Output = Vec<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Vec<T>> {
        let this = self.get_mut();
        this.turn(cx);
        if this.results.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        Poll::Ready(this.results.drain(..).flatten().collect())
    }
}

pub struct TryJoinAll<'a, T> {
    all: JoinAll<'a, T>,
}

impl<T> Unpin for TryJoinAll<'_, T> {}

impl<T, E> Future for TryJoinAll<'_, Result<T, E>> {
    type Output = Result<Vec<T>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let all = &mut self.get_mut().all;
        all.turn(cx);
        if let Some(failed) = all.results.iter().position(|r| matches!(r, Some(Err(_)))) {
            all.running.clear();
            let error = all.results.swap_remove(failed);
            return Poll::Ready(error.into_iter().collect());
        }
        if all.results.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        Poll::Ready(all.results.drain(..).flatten().collect())
    }
}
