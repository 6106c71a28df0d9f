//! "The compiler asks for Unpin, so I promise it": now async fns are refused.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future + Unpin,
{
    let running: Vec<_> = iter.into_iter().enumerate().collect();
    let results = running.iter().map(|_| None).collect();
    JoinAll { running, results }
}

pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>> + Unpin,
{
    TryJoinAll { all: Some(join_all(iter)) }
}

pub struct JoinAll<F: Future> {
    running: Vec<(usize, F)>,
    results: Vec<Option<F::Output>>,
}

impl<F: Future + Unpin> JoinAll<F> {
    fn turn(&mut self, cx: &mut Context<'_>) {
        let mut n = 0;
        while n < self.running.len() {
            let (place, part) = &mut self.running[n];
            match Pin::new(part).poll(cx) {
                Poll::Ready(output) => {
                    self.results[*place] = Some(output);
                    self.running.swap_remove(n);
                }
                Poll::Pending => n += 1,
            }
        }
    }
}

impl<F: Future> Unpin for JoinAll<F> {}

impl<F: Future + Unpin> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.turn(cx);
        if this.running.is_empty() {
            Poll::Ready(this.results.drain(..).flatten().collect())
        } else {
            Poll::Pending
        }
    }
}

pub struct TryJoinAll<F: Future> {
    all: Option<JoinAll<F>>,
}

impl<F: Future> Unpin for TryJoinAll<F> {}

impl<F, T, E> Future for TryJoinAll<F>
where
    F: Future<Output = Result<T, E>> + Unpin,
{
    type Output = Result<Vec<T>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let Some(all) = &mut this.all else { panic!("polled after it was ready") };
        all.turn(cx);
        let failed = all.results.iter().position(|result| matches!(result, Some(Err(_))));
        if failed.is_none() && !all.running.is_empty() {
            return Poll::Pending;
        }
        let results = std::mem::take(&mut all.results);
        this.all = None;
        Poll::Ready(results.into_iter().flatten().collect())
    }
}
