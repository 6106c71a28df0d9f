//! "Cancel those that are still running": the others are in their boxes, and stay there.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    JoinAll { parts: iter.into_iter().map(|part| (Box::pin(part), None)).collect() }
}

pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    TryJoinAll { parts: iter.into_iter().map(|part| Some((Box::pin(part), None))).collect() }
}

pub struct JoinAll<F: Future> {
    parts: Vec<(Pin<Box<F>>, Option<F::Output>)>,
}

impl<F: Future> Unpin for JoinAll<F> {}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut all_done = true;
        for (part, output) in &mut self.parts {
            if output.is_none() {
                match part.as_mut().poll(cx) {
                    Poll::Ready(value) => *output = Some(value),
                    Poll::Pending => all_done = false,
                }
            }
        }
        if !all_done {
            return Poll::Pending;
        }
        Poll::Ready(self.parts.drain(..).filter_map(|(_, output)| output).collect())
    }
}

type Place<F> = Option<(Pin<Box<F>>, Option<<F as Future>::Output>)>;

pub struct TryJoinAll<F: Future> {
    parts: Vec<Place<F>>,
}

impl<F: Future> Unpin for TryJoinAll<F> {}

impl<F, T, E> Future for TryJoinAll<F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<Vec<T>, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut failed = None;
        let mut all_done = true;
        for (part, output) in self.parts.iter_mut().flatten() {
            if output.is_none() {
                match part.as_mut().poll(cx) {
                    Poll::Ready(Err(error)) => {
                        failed = Some(error);
                        break;
                    }
                    Poll::Ready(value) => *output = Some(value),
                    Poll::Pending => all_done = false,
                }
            }
        }
        if let Some(error) = failed {
            // None to be cancelled: whoever has a value is over.
            for place in &mut self.parts {
                if place.as_ref().is_some_and(|(_, output)| output.is_none()) {
                    *place = None;
                }
            }
            return Poll::Ready(Err(error));
        }
        if !all_done {
            return Poll::Pending;
        }
        self.parts
            .drain(..)
            .flatten()
            .filter_map(|(_, output)| output)
            .collect::<Result<_, _>>()
            .into()
    }
}
