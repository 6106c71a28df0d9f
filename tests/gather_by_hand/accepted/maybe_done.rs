//! The enum of the futures crate, in boxes: the results stay inside until the end.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::future::{MaybeDone, maybe_done};

type Parts<F> = Vec<Pin<Box<MaybeDone<F>>>>;

pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    JoinAll { parts: iter.into_iter().map(|part| Box::pin(maybe_done(part))).collect() }
}

pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    TryJoinAll { parts: iter.into_iter().map(|part| Box::pin(maybe_done(part))).collect() }
}

/// No boxed part is pinned in place, so this is `Unpin` by itself.
pub struct JoinAll<F: Future> {
    parts: Parts<F>,
}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let waiting =
            self.parts.iter_mut().filter_map(|p| p.as_mut().poll(cx).is_pending().then_some(()));
        if waiting.count() > 0 {
            return Poll::Pending;
        }
        Poll::Ready(self.parts.iter_mut().filter_map(|part| part.as_mut().take_output()).collect())
    }
}

pub struct TryJoinAll<F: Future> {
    parts: Parts<F>,
}

impl<F, T, E> Future for TryJoinAll<F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<Vec<T>, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut waiting = false;
        let mut failed = None;
        for part in &mut self.parts {
            waiting |= part.as_mut().poll(cx).is_pending();
            if let Some(Err(_)) = part.as_mut().output_mut() {
                failed = part.as_mut().take_output();
                break;
            }
        }
        if let Some(Err(error)) = failed {
            self.parts = Vec::new();
            return Poll::Ready(Err(error));
        }
        if waiting {
            return Poll::Pending;
        }
        Poll::Ready(self.parts.iter_mut().filter_map(|part| part.as_mut().take_output()).collect())
    }
}
