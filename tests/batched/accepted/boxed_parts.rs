//! Boxes for what must not move, so that the struct itself may.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::Stream;
use tokio::time::{Sleep, sleep};

pub struct Batched<S: Stream> {
    source: Option<Pin<Box<S>>>,
    max: NonZeroUsize,
    wait: Duration,
    batch: Option<(Vec<S::Item>, Pin<Box<Sleep>>)>,
}

impl<S: Stream> Unpin for Batched<S> {}

pub fn batched<S: Stream>(source: S, max: NonZeroUsize, wait: Duration) -> Batched<S> {
    Batched { source: Some(Box::pin(source)), max, wait, batch: None }
}

impl<S: Stream> Stream for Batched<S> {
    type Item = Vec<S::Item>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        while let Some(source) = &mut this.source {
            match source.as_mut().poll_next(cx) {
                Poll::Ready(Some(item)) => {
                    let wait = this.wait;
                    let new = || (Vec::new(), Box::pin(sleep(wait)));
                    let (batch, _) = this.batch.get_or_insert_with(new);
                    batch.push(item);
                    if batch.len() >= this.max.get() {
                        break;
                    }
                }
                Poll::Ready(None) => this.source = None,
                Poll::Pending => match &mut this.batch {
                    Some((_, timer)) => {
                        ready!(timer.as_mut().poll(cx));
                        break;
                    }
                    None => return Poll::Pending,
                },
            }
        }
        Poll::Ready(this.batch.take().map(|(batch, _)| batch))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let held = self.batch.as_ref().map_or(0, |(batch, _)| batch.len());
        let (least, most) = match &self.source {
            Some(source) => source.size_hint(),
            None => (0, Some(0)),
        };
        let least = least.saturating_add(held).div_ceil(self.max.get());
        (least, most.map(|most| most.saturating_add(held.min(1))))
    }
}
