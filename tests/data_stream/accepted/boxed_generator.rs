//! A generator in a box does the work; a counter beside it knows what is left.

use std::fmt::Display;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::stream::LocalBoxStream;
use futures::{Stream, StreamExt};
use kit::Log;

pub struct DataStream<T> {
    inner: LocalBoxStream<'static, T>,
    left: Arc<AtomicUsize>,
}

impl<T: 'static> DataStream<T> {
    pub fn new(items: Vec<T>, every: Duration) -> Self {
        let left = Arc::new(AtomicUsize::new(items.len()));
        let count = left.clone();
        let inner = async_stream::stream! {
            for item in items {
                tokio::time::sleep(every).await;
                count.fetch_sub(1, Relaxed);
                yield item;
            }
        };
        DataStream { inner: inner.fuse().boxed_local(), left }
    }
}

impl<T> Stream for DataStream<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.inner.poll_next_unpin(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.left.load(Relaxed);
        (left, Some(left))
    }
}

pub async fn process<T: Display>(s: impl Stream<Item = T>, log: &Log) {
    let mut s = Box::pin(s);
    loop {
        let Some(item) = s.next().await else { break };
        log.add(format!("processing {item}"));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    log.add("done");
}
