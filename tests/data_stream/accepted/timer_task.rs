//! A task of its own sleeps for each item, and ends with the stream that owns it.

use std::fmt::Display;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::{FutureExt, Stream};
use kit::Log;
use tokio::task::JoinHandle;
use tokio::time::sleep;

pub struct DataStream<T> {
    items: Vec<T>,
    every: Duration,
    timer: Option<JoinHandle<()>>,
}

impl<T> Unpin for DataStream<T> {}

impl<T> DataStream<T> {
    pub fn new(mut items: Vec<T>, every: Duration) -> Self {
        items.reverse();
        DataStream { items, every, timer: None }
    }
}

impl<T> Drop for DataStream<T> {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            timer.abort();
        }
    }
}

impl<T> Stream for DataStream<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        if self.items.is_empty() {
            return Poll::Ready(None);
        }
        let every = self.every;
        let timer = self.timer.get_or_insert_with(|| tokio::spawn(sleep(every)));
        match timer.poll_unpin(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(slept) => {
                slept.expect("a sleep does not panic");
                self.timer = None;
                Poll::Ready(self.items.pop())
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.items.len(), Some(self.items.len()))
    }
}

pub async fn process<T: Display>(s: impl Stream<Item = T>, log: &Log) {
    let mut s = pin!(s);
    while let Some(item) = poll_fn(|cx| s.as_mut().poll_next(cx)).await {
        log.add(format!("processing {item}"));
        sleep(Duration::from_millis(200)).await;
    }
    log.add("done");
}
