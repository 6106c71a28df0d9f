//! batched: the reference answer.
//!
//! One poll asks two things: the source, and the clock. Before it says "not
//! yet", both of them have the task's waker, so whichever moves first wakes it.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::Stream;
use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};

pin_project! {
    /// The items of another stream, in batches; see [`batched`].
    pub struct Batched<S: Stream> {
        #[pin]
        source: S,
        max: NonZeroUsize,
        wait: Duration,
        // Items that were taken and not handed out. Here, and not on the stack
        // of `poll_next`: a call that ends with "not yet" must not lose them.
        batch: Vec<S::Item>,
        // Runs while there is a batch with something in it, and only then.
        #[pin]
        timer: Option<Sleep>,
        ended: bool,
    }
}

/// Hands on the items of `source` in batches: all of them, in their order.
pub fn batched<S: Stream>(source: S, max: NonZeroUsize, wait: Duration) -> Batched<S> {
    Batched { source, max, wait, batch: Vec::new(), timer: None, ended: false }
}

impl<S: Stream> Stream for Batched<S> {
    type Item = Vec<S::Item>;

    /// Asks for the next batch.
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<S::Item>>> {
        let mut this = self.project();
        // What a stream does after its end is its own affair, so it is not asked.
        while !*this.ended && this.batch.len() < this.max.get() {
            match this.source.as_mut().poll_next(cx) {
                Poll::Ready(Some(item)) => {
                    // A `Sleep` counts from when it is made: with the first item.
                    if this.batch.is_empty() {
                        this.timer.set(Some(sleep(*this.wait)));
                    }
                    this.batch.push(item);
                }
                Poll::Ready(None) => *this.ended = true,
                // The source will wake the task. That is not enough if there is
                // something to hand out: then the clock must do so, too.
                Poll::Pending => match this.timer.as_mut().as_pin_mut() {
                    None => return Poll::Pending,
                    Some(timer) => {
                        ready!(timer.poll(cx));
                        break;
                    }
                },
            }
        }
        // The next batch has a timer of its own; what is left of this one must
        // not cut that short, and a finished one must not be polled again.
        this.timer.set(None);
        let batch = std::mem::take(this.batch);
        Poll::Ready((!batch.is_empty()).then_some(batch))
    }

    /// How many batches are still to come: (at least, at most).
    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.ended {
            return (0, Some(0));
        }
        let (least, most) = self.source.size_hint();
        // At least: all batches are full. A source without end says `usize::MAX`.
        let least = least.saturating_add(self.batch.len()).div_ceil(self.max.get());
        // At most: each further item comes so late that it is alone.
        let most = most.and_then(|most| most.checked_add(usize::from(!self.batch.is_empty())));
        (least, most)
    }
}
