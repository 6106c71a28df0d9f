//! "The item on its way is no longer in the stream": it is, until it is handed out.

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
    wait: Option<(T, Pin<Box<Sleep>>)>,
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
        if this.wait.is_none() {
            let every = this.every;
            this.wait = this.items.next().map(|item| (item, Box::pin(sleep(every))));
        }
        if let Some((_, wait)) = &mut this.wait {
            ready!(wait.as_mut().poll(cx));
        }
        Poll::Ready(this.wait.take().map(|(item, _)| item))
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
