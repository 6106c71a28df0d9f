//! An Interval that is set anew whenever an item is asked for.

use std::fmt::Display;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::{Stream, StreamExt};
use kit::Log;
use tokio::time::sleep;

pub struct DataStream<T> {
    items: std::vec::IntoIter<T>,
    every: Duration,
    ticks: Option<tokio::time::Interval>,
    asked: bool,
}

impl<T> Unpin for DataStream<T> {}

impl<T> DataStream<T> {
    pub fn new(items: Vec<T>, every: Duration) -> Self {
        DataStream { items: items.into_iter(), every, ticks: None, asked: false }
    }
}

impl<T> Stream for DataStream<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.get_mut();
        if this.items.len() == 0 {
            return Poll::Ready(None);
        }
        let every = this.every;
        // An interval of nothing panics; what counts here is the reset.
        let period = every.max(Duration::from_millis(1));
        let ticks = this.ticks.get_or_insert_with(|| tokio::time::interval(period));
        if !this.asked {
            ticks.reset_after(every);
            this.asked = true;
        }
        ready!(ticks.poll_tick(cx));
        this.asked = false;
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
