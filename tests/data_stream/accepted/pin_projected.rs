//! One `Sleep` in its place in the struct, set anew for each item; `process` is a `for_each`.

use std::collections::VecDeque;
use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::{Stream, StreamExt};
use kit::Log;
use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep};

pin_project! {
    pub struct DataStream<T> {
        items: VecDeque<T>,
        every: Duration,
        asked: bool,
        #[pin]
        timer: Option<Sleep>,
    }
}

impl<T> DataStream<T> {
    pub fn new(items: Vec<T>, every: Duration) -> Self {
        DataStream { items: items.into(), every, asked: false, timer: None }
    }
}

impl<T> Stream for DataStream<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut this = self.project();
        if this.items.is_empty() {
            this.timer.set(None);
            return Poll::Ready(None);
        }
        if !*this.asked {
            match this.timer.as_mut().as_pin_mut() {
                Some(timer) => timer.reset(Instant::now() + *this.every),
                None => this.timer.set(Some(sleep(*this.every))),
            }
            *this.asked = true;
        }
        if let Some(timer) = this.timer.as_pin_mut()
            && timer.poll(cx).is_pending()
        {
            return Poll::Pending;
        }
        *this.asked = false;
        Poll::Ready(this.items.pop_front())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.items.len(), Some(self.items.len()))
    }
}

pub async fn process<T: Display>(s: impl Stream<Item = T>, log: &Log) {
    s.for_each(async |item| {
        log.add(format!("processing {item}"));
        sleep(Duration::from_millis(200)).await;
    })
    .await;
    log.add("done");
}
