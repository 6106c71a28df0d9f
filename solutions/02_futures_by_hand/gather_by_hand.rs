//! gather_by_hand: the reference answer.
//!
//! A list in which each place holds either a future or what came of it. One turn
//! goes through the whole list: whoever is still at work is asked.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Waits for all parts. The results stand in the order of the parts.
pub fn join_all<I>(iter: I) -> JoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future,
{
    JoinAll { parts: in_boxes(iter) }
}

/// Waits for all parts, or until one of them fails.
pub fn try_join_all<I, T, E>(iter: I) -> TryJoinAll<I::Item>
where
    I: IntoIterator,
    I::Item: Future<Output = Result<T, E>>,
{
    TryJoinAll { parts: in_boxes(iter) }
}

/// A place in the list.
enum Part<F: Future> {
    /// Boxed, because a part must not move once it was polled. The vector is
    /// free to move the box; the future behind it stays where it is.
    Running(Pin<Box<F>>),
    Done(F::Output),
}

/// Every part in its place, and none of them polled.
fn in_boxes<I>(iter: I) -> Vec<Part<I::Item>>
where
    I: IntoIterator,
    I::Item: Future,
{
    iter.into_iter().map(|part| Part::Running(Box::pin(part))).collect()
}

/// What came of the parts, once all are done.
fn outputs<F: Future>(parts: &mut Vec<Part<F>>) -> impl Iterator<Item = F::Output> {
    mem::take(parts).into_iter().map(|part| match part {
        Part::Done(output) => output,
        Part::Running(_) => unreachable!("somebody still waits for this part"),
    })
}

/// The future that [`join_all`] returns.
#[must_use = "a future does nothing until it is awaited"]
pub struct JoinAll<F: Future> {
    parts: Vec<Part<F>>,
}

// Without this line `get_mut` below is refused: the compiler fears for the
// outputs, which lie in the list itself. But nobody has pinned those, and what
// is pinned lies in a box. To say so is safe.
impl<F: Future> Unpin for JoinAll<F> {}

impl<F: Future> Future for JoinAll<F> {
    type Output = Vec<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let parts = &mut self.get_mut().parts;
        let mut all_done = true;
        for part in parts.iter_mut() {
            // Done is done: its output waits here, and nobody polls it again.
            let Part::Running(future) = part else { continue };
            match future.as_mut().poll(cx) {
                // The old value of the place, box and future, is dropped here.
                Poll::Ready(output) => *part = Part::Done(output),
                // No `return`: those behind it have not seen this waker yet.
                Poll::Pending => all_done = false,
            }
        }
        if !all_done {
            // Everybody who is not done has said Pending in this very turn. So
            // each of them has the waker, and no more is needed for our promise.
            return Poll::Pending;
        }
        Poll::Ready(outputs(parts).collect())
    }
}

/// The future that [`try_join_all`] returns.
#[must_use = "a future does nothing until it is awaited"]
pub struct TryJoinAll<F: Future> {
    parts: Vec<Part<F>>,
}

impl<F: Future> Unpin for TryJoinAll<F> {}

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
                    // To cancel is to drop. Not later, with the list: whoever
                    // awaits this future may keep it for long.
                    parts.clear();
                    return Poll::Ready(Err(error));
                }
                Poll::Pending => all_done = false,
            }
        }
        if !all_done {
            return Poll::Pending;
        }
        // All of them are `Ok` by now. An iterator of results can be collected
        // into one result, so nothing has to be unpacked by hand.
        Poll::Ready(outputs(parts).collect())
    }
}
