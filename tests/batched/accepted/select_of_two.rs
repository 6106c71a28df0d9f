//! The next item and the end of the time in a `select`, polled anew in each call.

use std::num::NonZeroUsize;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::{Either, OptionFuture, select};
use futures::stream::{Fuse, Stream, StreamExt};
use tokio::time::{Sleep, sleep};

pub struct Batched<S: Stream> {
    source: Pin<Box<Fuse<S>>>,
    max: usize,
    wait: Duration,
    batch: Vec<S::Item>,
    timer: OptionFuture<Pin<Box<Sleep>>>,
}

impl<S: Stream> Unpin for Batched<S> {}

pub fn batched<S: Stream>(source: S, max: NonZeroUsize, wait: Duration) -> Batched<S> {
    let source = Box::pin(source.fuse());
    Batched { source, max: max.get(), wait, batch: Vec::new(), timer: None.into() }
}

impl<S: Stream> Batched<S> {
    /// Safe to drop at its await: all that lasts is in `self`.
    async fn more(&mut self) -> Option<Vec<S::Item>> {
        while self.batch.len() < self.max {
            if self.batch.is_empty() {
                self.batch.push(self.source.next().await?);
                self.timer = Some(Box::pin(sleep(self.wait))).into();
                continue;
            }
            match select(self.source.next(), &mut self.timer).await {
                Either::Left((Some(item), _)) => self.batch.push(item),
                Either::Left((None, _)) | Either::Right(_) => break,
            }
        }
        self.timer = None.into();
        Some(std::mem::take(&mut self.batch))
    }
}

impl<S: Stream> Stream for Batched<S> {
    type Item = Vec<S::Item>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<S::Item>>> {
        pin!(self.get_mut().more()).poll(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, None)
    }
}
