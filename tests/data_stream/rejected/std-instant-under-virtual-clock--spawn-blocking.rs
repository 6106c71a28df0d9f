//! "Blocking work belongs into spawn_blocking."

use std::fmt::Display;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::{Stream, StreamExt};
use kit::Log;
use tokio::time::{Sleep, sleep};

pub struct DataStream<T> {
    items: std::vec::IntoIter<T>,
    every: Duration,
    wait: Option<Pin<Box<Sleep>>>,
}

impl<T> Unpin for DataStream<T> {}

impl<T> DataStream<T> {
    pub fn new(items: Vec<T>, every: Duration) -> Self {
        DataStream { items: items.into_iter(), every, wait: None }
    }
}

impl<T> Stream for DataStream<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.get_mut();
        if this.items.as_slice().is_empty() {
            return Poll::Ready(None);
        }
        let wait = this.wait.get_or_insert_with(|| Box::pin(sleep(this.every)));
        ready!(wait.as_mut().poll(cx));
        this.wait = None;
        Poll::Ready(this.items.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

pub async fn process<T: Display>(s: impl Stream<Item = T>, log: &Log) {
    let mut s = pin!(s);
    while let Some(item) = s.next().await {
        log.add(format!("processing {item}"));
        tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_millis(200)))
            .await
            .unwrap();
    }
    log.add("done");
}
