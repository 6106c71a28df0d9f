//! The combinators do it all: `iter` and `then` in a box, `for_each` around it.

use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::{Stream, StreamExt};
use kit::Log;
use tokio::time::sleep;

pub struct DataStream<T>(Pin<Box<dyn Stream<Item = T>>>);

impl<T: 'static> DataStream<T> {
    pub fn new(items: Vec<T>, every: Duration) -> Self {
        let then = futures::stream::iter(items).then(move |item| async move {
            sleep(every).await;
            item
        });
        DataStream(Box::pin(then))
    }
}

impl<T> Stream for DataStream<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.0.as_mut().poll_next(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

pub async fn process<T: Display>(s: impl Stream<Item = T>, log: &Log) {
    s.for_each(|item| async move {
        log.add(format!("processing {item}"));
        sleep(Duration::from_millis(200)).await;
    })
    .await;
    log.add("done");
}
