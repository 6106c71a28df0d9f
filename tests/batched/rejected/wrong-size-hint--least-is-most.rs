//! "The first number is how many there are, and that is what I count with."

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::Stream;
use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};

pin_project! {
    pub struct Batched<S: Stream> {
        #[pin]
        source: S,
        max: NonZeroUsize,
        wait: Duration,
        batch: Vec<S::Item>,
        #[pin]
        timer: Option<Sleep>,
        ended: bool,
    }
}

pub fn batched<S: Stream>(source: S, max: NonZeroUsize, wait: Duration) -> Batched<S> {
    Batched { source, max, wait, batch: Vec::new(), timer: None, ended: false }
}

impl<S: Stream> Stream for Batched<S> {
    type Item = Vec<S::Item>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<S::Item>>> {
        let mut this = self.project();
        if *this.ended {
            return Poll::Ready(None);
        }
        loop {
            match this.source.as_mut().poll_next(cx) {
                Poll::Ready(Some(item)) => {
                    if this.batch.is_empty() {
                        this.timer.set(Some(sleep(*this.wait)));
                    }
                    this.batch.push(item);
                    if this.batch.len() == this.max.get() {
                        break;
                    }
                }
                Poll::Ready(None) => {
                    *this.ended = true;
                    let rest = std::mem::take(this.batch);
                    return Poll::Ready((!rest.is_empty()).then_some(rest));
                }
                Poll::Pending => {
                    let Some(timer) = this.timer.as_mut().as_pin_mut() else {
                        return Poll::Pending;
                    };
                    ready!(timer.poll(cx));
                    break;
                }
            }
        }
        this.timer.set(None);
        Poll::Ready(Some(std::mem::take(this.batch)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.source.size_hint().0.saturating_add(self.batch.len());
        (left.div_ceil(self.max.get()), Some(left))
    }
}
