//! "Ten milliseconds sooner or later, who minds? So I look at the clock that often."

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::Stream;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep};

pin_project! {
    pub struct Batched<S: Stream> {
        #[pin]
        source: S,
        max: NonZeroUsize,
        wait: Duration,
        batch: Vec<S::Item>,
        until: Option<Instant>,
        #[pin]
        timer: Option<Sleep>,
        ended: bool,
    }
}

pub fn batched<S: Stream>(source: S, max: NonZeroUsize, wait: Duration) -> Batched<S> {
    Batched { source, max, wait, batch: Vec::new(), timer: None, until: None, ended: false }
}

impl<S: Stream> Stream for Batched<S> {
    type Item = Vec<S::Item>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<S::Item>>> {
        let mut this = self.project();
        while !*this.ended && this.batch.len() < this.max.get() {
            match this.source.as_mut().poll_next(cx) {
                Poll::Ready(Some(item)) => {
                    if this.batch.is_empty() {
                        *this.until = Some(Instant::now() + *this.wait);
                        this.timer.set(Some(sleep((*this.wait).min(Duration::from_millis(10)))));
                    }
                    this.batch.push(item);
                }
                Poll::Ready(None) => *this.ended = true,
                Poll::Pending => match this.timer.as_mut().as_pin_mut() {
                    None => return Poll::Pending,
                    Some(timer) => {
                        ready!(timer.poll(cx));
                        if this.until.is_none_or(|until| Instant::now() >= until) {
                            break;
                        }
                        this.timer.set(Some(sleep(Duration::from_millis(10))));
                    }
                },
            }
        }
        this.timer.set(None);
        let batch = std::mem::take(this.batch);
        Poll::Ready((!batch.is_empty()).then_some(batch))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.ended {
            return (0, Some(0));
        }
        let (least, most) = self.source.size_hint();
        let least = least.saturating_add(self.batch.len()).div_ceil(self.max.get());
        let most = most.and_then(|most| most.checked_add(usize::from(!self.batch.is_empty())));
        (least, most)
    }
}
