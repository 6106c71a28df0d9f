//! "Keep the waker, but only look at it when an item begins."

use std::fmt::Display;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::{Stream, StreamExt};
use kit::Log;
use std::sync::{Arc, Mutex};
use std::task::Waker;
use tokio::time::sleep;

pub struct DataStream<T> {
    items: std::vec::IntoIter<T>,
    every: Duration,
    due: Option<tokio::time::Instant>,
    waker: Arc<Mutex<Option<Waker>>>,
    bell: tokio::task::JoinSet<()>,
}

impl<T> Unpin for DataStream<T> {}

impl<T> DataStream<T> {
    pub fn new(items: Vec<T>, every: Duration) -> Self {
        DataStream {
            items: items.into_iter(),
            every,
            due: None,
            waker: Arc::default(),
            bell: tokio::task::JoinSet::new(),
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
        let now = tokio::time::Instant::now();
        let Some(due) = this.due else {
            this.due = Some(now + this.every);
            let (every, waker) = (this.every, this.waker.clone());
            waker.lock().unwrap().get_or_insert_with(|| cx.waker().clone());
            this.bell.spawn(async move {
                sleep(every).await;
                if let Some(waker) = waker.lock().unwrap().as_ref() {
                    waker.wake_by_ref();
                }
            });
            return Poll::Pending;
        };
        if now < due {
            *this.waker.lock().unwrap() = Some(cx.waker().clone());
            return Poll::Pending;
        }
        this.due = None;
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
