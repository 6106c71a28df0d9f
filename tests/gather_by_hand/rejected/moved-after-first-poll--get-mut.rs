//! `get_mut` for a type that nobody has said to be `Unpin`.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    JoinAll { parts: in_boxes(iter) }
}

pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    TryJoinAll { parts: in_boxes(iter) }
}

enum Part<F: Future> {
    Running(Pin<Box<F>>),
    Done(F::Output),
}

fn in_boxes<I>(iter: I) -> Vec<Part<I::Item>>
where
    I: IntoIterator,
    I::Item: Future,
{
    iter.into_iter().map(|part| Part::Running(Box::pin(part))).collect()
}

fn outputs<F: Future>(parts: &mut Vec<Part<F>>) -> impl Iterator<Item = F::Output> {
    mem::take(parts).into_iter().map(|part| match part {
        Part::Done(output) => output,
        Part::Running(_) => unreachable!("somebody still waits for this part"),
    })
}

#[must_use = "a future does nothing until it is awaited"]
pub struct JoinAll<F: Future> {
    parts: Vec<Part<F>>,
}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let parts = &mut self.get_mut().parts;
        let mut all_done = true;
        for part in parts.iter_mut() {
            let Part::Running(future) = part else { continue };
            match future.as_mut().poll(cx) {
                Poll::Ready(output) => *part = Part::Done(output),
                Poll::Pending => all_done = false,
            }
        }
        if !all_done {
            return Poll::Pending;
        }
        Poll::Ready(outputs(parts).collect())
    }
}

#[must_use = "a future does nothing until it is awaited"]
pub struct TryJoinAll<F: Future> {
    parts: Vec<Part<F>>,
}

impl<F, T, E> Future for TryJoinAll<F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<Vec<T>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let parts = &mut self.get_mut().parts;
        let mut all_done = true;
        for part in parts.iter_mut() {
            let Part::Running(future) = part else { continue };
            match future.as_mut().poll(cx) {
                Poll::Ready(Ok(value)) => *part = Part::Done(Ok(value)),
                Poll::Ready(Err(error)) => {
                    parts.clear();
                    return Poll::Ready(Err(error));
                }
                Poll::Pending => all_done = false,
            }
        }
        if !all_done {
            return Poll::Pending;
        }
        Poll::Ready(outputs(parts).collect())
    }
}
