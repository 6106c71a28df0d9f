//! "A task with a channel": it is two items ahead of whoever reads them.

use std::fmt::Display;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::{Stream, StreamExt};
use kit::Log;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::sleep;

pub struct DataStream<T> {
    items: Option<Vec<T>>,
    left: usize,
    every: Duration,
    producer: Option<(mpsc::Receiver<T>, JoinHandle<()>)>,
}

impl<T> Unpin for DataStream<T> {}

impl<T: Send + 'static> DataStream<T> {
    pub fn new(items: Vec<T>, every: Duration) -> Self {
        DataStream { left: items.len(), items: Some(items), every, producer: None }
    }
}

impl<T> Drop for DataStream<T> {
    fn drop(&mut self) {
        if let Some((_, task)) = &self.producer {
            task.abort();
        }
    }
}

impl<T: Send + 'static> Stream for DataStream<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.get_mut();
        let every = this.every;
        if let Some(items) = this.items.take() {
            let (tx, rx) = mpsc::channel(1);
            let task = tokio::spawn(async move {
                for item in items {
                    sleep(every).await;
                    if tx.send(item).await.is_err() {
                        return;
                    }
                }
            });
            this.producer = Some((rx, task));
        }
        let Some((rx, _)) = &mut this.producer else { return Poll::Ready(None) };
        let item = ready!(rx.poll_recv(cx));
        this.left -= usize::from(item.is_some());
        Poll::Ready(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

pub async fn process<T: Display>(s: impl Stream<Item = T>, log: &Log) {
    let mut s = pin!(s);
    while let Some(item) = s.next().await {
        log.add(format!("processing {item}"));
        sleep(Duration::from_millis(200)).await;
    }
    log.add("done");
}
