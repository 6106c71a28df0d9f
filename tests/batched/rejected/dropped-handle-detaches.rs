//! "Each call that finds nothing sends somebody to wake it."

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use pin_project_lite::pin_project;
use tokio::time::{Instant, sleep_until};

pin_project! {
    pub struct Batched<S: Stream> {
        #[pin]
        source: S,
        max: NonZeroUsize,
        wait: Duration,
        batch: Vec<S::Item>,
        due: Option<Instant>,
        ended: bool,
    }
}

pub fn batched<S: Stream>(source: S, max: NonZeroUsize, wait: Duration) -> Batched<S> {
    Batched { source, max, wait, batch: Vec::new(), due: None, ended: false }
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
                        *this.due = Some(Instant::now() + *this.wait);
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
                    let Some(due) = *this.due else {
                        return Poll::Pending;
                    };
                    if due <= Instant::now() {
                        break;
                    }
                    let waker = cx.waker().clone();
                    tokio::spawn(async move {
                        sleep_until(due).await;
                        waker.wake();
                    });
                    return Poll::Pending;
                }
            }
        }
        *this.due = None;
        Poll::Ready(Some(std::mem::take(this.batch)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.ended.then_some(0))
    }
}
