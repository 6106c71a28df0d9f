//! "I write it as an async fn, and poll that."

use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::stream::{Fuse, Stream, StreamExt};
use tokio::time::{Instant, timeout_at};

pub struct Batched<S: Stream> {
    source: Pin<Box<Fuse<S>>>,
    max: NonZeroUsize,
    wait: Duration,
}

pub fn batched<S: Stream>(source: S, max: NonZeroUsize, wait: Duration) -> Batched<S> {
    Batched { source: Box::pin(source.fuse()), max, wait }
}

impl<S: Stream> Batched<S> {
    async fn batch(&mut self) -> Option<Vec<S::Item>> {
        let mut batch = vec![self.source.next().await?];
        let due = Instant::now() + self.wait;
        while batch.len() < self.max.get() {
            match timeout_at(due, self.source.next()).await {
                Ok(Some(item)) => batch.push(item),
                Ok(None) | Err(_) => break,
            }
        }
        Some(batch)
    }
}

impl<S: Stream> Stream for Batched<S> {
    type Item = Vec<S::Item>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<S::Item>>> {
        pin!(self.get_mut().batch()).poll(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, None)
    }
}
