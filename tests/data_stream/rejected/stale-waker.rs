//! "A task wakes me when it is time": it keeps the waker of the first poll for good.

use std::fmt::Display;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::{Stream, StreamExt};
use kit::Log;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, sleep_until};

pub struct DataStream<T> {
    items: std::vec::IntoIter<T>,
    every: Duration,
    wait: Option<(Instant, AbortHandle)>,
}

impl<T> Unpin for DataStream<T> {}

impl<T> DataStream<T> {
    pub fn new(items: Vec<T>, every: Duration) -> Self {
        DataStream { items: items.into_iter(), every, wait: None }
    }
}

impl<T> Drop for DataStream<T> {
    fn drop(&mut self) {
        if let Some((_, alarm)) = &self.wait {
            alarm.abort();
        }
    }
}

impl<T> Stream for DataStream<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.get_mut();
        if this.items.as_slice().is_empty() {
            return Poll::Ready(None);
        }
        let (due, _) = this.wait.get_or_insert_with(|| {
            let (due, waker) = (Instant::now() + this.every, cx.waker().clone());
            let alarm = tokio::spawn(async move {
                sleep_until(due).await;
                waker.wake();
            });
            (due, alarm.abort_handle())
        });
        if Instant::now() < *due {
            return Poll::Pending;
        }
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
        sleep(Duration::from_millis(200)).await;
    }
    log.add("done");
}
