//! "Who asks first is the one to be told of items."

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
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
        reader: Option<Waker>,
    }
}

pub fn batched<S: Stream>(source: S, max: NonZeroUsize, wait: Duration) -> Batched<S> {
    Batched { source, max, wait, batch: Vec::new(), timer: None, ended: false, reader: None }
}

impl<S: Stream> Stream for Batched<S> {
    type Item = Vec<S::Item>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<S::Item>>> {
        let mut this = self.project();
        if *this.ended {
            return Poll::Ready(None);
        }
        // Passed on to the source; the timer gets that of this call.
        let reader = this.reader.get_or_insert_with(|| cx.waker().clone());
        loop {
            match this.source.as_mut().poll_next(&mut Context::from_waker(reader)) {
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
        (0, self.ended.then_some(0))
    }
}
