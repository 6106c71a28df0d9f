//! One timer for all batches, set anew for each; the clock is asked first.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::stream::{Fuse, Stream, StreamExt};
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep};

pin_project! {
    pub struct Batched<S: Stream> {
        #[pin]
        source: Fuse<S>,
        max: usize,
        wait: Duration,
        batch: Vec<S::Item>,
        timer: Option<Pin<Box<Sleep>>>,
        is_up: bool,
    }
}

pub fn batched<S: Stream>(source: S, max: NonZeroUsize, wait: Duration) -> Batched<S> {
    let max = max.get();
    Batched { source: source.fuse(), max, wait, batch: Vec::new(), timer: None, is_up: false }
}

impl<S: Stream> Stream for Batched<S> {
    type Item = Vec<S::Item>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<S::Item>>> {
        let mut this = self.project();
        loop {
            if let Some(timer) = this.timer.as_mut()
                && !this.batch.is_empty()
                && !*this.is_up
            {
                *this.is_up = timer.as_mut().poll(cx).is_ready();
            }
            if *this.is_up || this.batch.len() == *this.max {
                *this.is_up = false;
                return Poll::Ready(Some(this.batch.drain(..).collect()));
            }
            match this.source.as_mut().poll_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) if this.batch.is_empty() => return Poll::Ready(None),
                Poll::Ready(None) => return Poll::Ready(Some(std::mem::take(this.batch))),
                Poll::Ready(Some(item)) => {
                    if this.batch.is_empty() {
                        let due = Instant::now() + *this.wait;
                        let timer = this.timer.get_or_insert_with(|| Box::pin(sleep(*this.wait)));
                        timer.as_mut().reset(due);
                    }
                    this.batch.push(item);
                }
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.batch.len().min(1), None)
    }
}
