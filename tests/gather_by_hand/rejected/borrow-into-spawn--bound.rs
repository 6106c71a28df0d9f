//! "What a future holds is 'static": so says everybody who spawns.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future + 'static,
{
    let running: Vec<_> = iter.into_iter().map(Box::pin).enumerate().collect();
    JoinAll { results: Vec::with_capacity(running.len()), running }
}

pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>> + 'static,
{
    let running: Vec<_> = iter.into_iter().map(Box::pin).enumerate().collect();
    TryJoinAll { results: Vec::with_capacity(running.len()), running }
}

pub struct JoinAll<F: Future + 'static> {
    running: Vec<(usize, Pin<Box<F>>)>,
    /// By finishing time; sorted in the end.
    results: Vec<(usize, F::Output)>,
}

pub struct TryJoinAll<F: Future + 'static> {
    running: Vec<(usize, Pin<Box<F>>)>,
    results: Vec<(usize, F::Output)>,
}

impl<F: Future + 'static> Unpin for JoinAll<F> {}

impl<F: Future + 'static> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.running.retain_mut(|(place, part)| match part.as_mut().poll(cx) {
            Poll::Ready(output) => {
                this.results.push((*place, output));
                false
            }
            Poll::Pending => true,
        });
        if !this.running.is_empty() {
            return Poll::Pending;
        }
        this.results.sort_by_key(|(place, _)| *place);
        Poll::Ready(this.results.drain(..).map(|(_, output)| output).collect())
    }
}

impl<F: Future + 'static> Unpin for TryJoinAll<F> {}

impl<F, T, E> Future for TryJoinAll<F>
where
    F: Future<Output = Result<T, E>> + 'static,
{
    type Output = Result<Vec<T>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let mut failed = None;
        this.running.retain_mut(|(place, part)| match part.as_mut().poll(cx) {
            Poll::Ready(Err(error)) => {
                failed.get_or_insert(error);
                false
            }
            Poll::Ready(output) => {
                this.results.push((*place, output));
                false
            }
            Poll::Pending => true,
        });
        if let Some(error) = failed {
            this.running.clear();
            return Poll::Ready(Err(error));
        }
        if !this.running.is_empty() {
            return Poll::Pending;
        }
        this.results.sort_by_key(|(place, _)| *place);
        Poll::Ready(this.results.drain(..).map(|(_, output)| output).collect())
    }
}
