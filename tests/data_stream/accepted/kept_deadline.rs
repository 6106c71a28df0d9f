//! The deadline is what lasts: a new timer at each poll, always for the same instant, and kept.

use std::fmt::Display;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::stream::FusedStream;
use futures::{Stream, StreamExt};
use kit::Log;
use tokio::time::{Instant, Sleep, sleep_until};

enum Next {
    NotAsked,
    Due(Instant, Pin<Box<Sleep>>),
}

pub struct DataStream<T> {
    items: Vec<Option<T>>,
    index: usize,
    every: Duration,
    next: Next,
}

impl<T> Unpin for DataStream<T> {}

impl<T> DataStream<T> {
    pub fn new(items: Vec<T>, every: Duration) -> Self {
        let items = items.into_iter().map(Some).collect();
        DataStream { items, index: 0, every, next: Next::NotAsked }
    }
}

impl<T> FusedStream for DataStream<T> {
    fn is_terminated(&self) -> bool {
        self.index >= self.items.len()
    }
}

impl<T> Stream for DataStream<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        if self.is_terminated() {
            return Poll::Ready(None);
        }
        let due = match &self.next {
            Next::NotAsked => Instant::now() + self.every,
            Next::Due(due, _) => *due,
        };
        let mut timer = Box::pin(sleep_until(due));
        if timer.as_mut().poll(cx).is_pending() {
            self.next = Next::Due(due, timer);
            return Poll::Pending;
        }
        self.next = Next::NotAsked;
        let index = self.index;
        self.index += 1;
        Poll::Ready(self.items[index].take())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.items.len() - self.index;
        (left, Some(left))
    }
}

pub async fn process<T: Display>(s: impl Stream<Item = T>, log: &Log) {
    let work = s.then(|item| async move {
        log.add(format!("processing {item}"));
        tokio::time::sleep(Duration::from_millis(200)).await;
    });
    let mut work = pin!(work);
    while work.next().await.is_some() {}
    log.add("done");
}
