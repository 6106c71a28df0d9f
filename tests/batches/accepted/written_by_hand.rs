//! No generator at all: a struct that keeps the fetch that is under way.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt, Stream, StreamExt};
use kit::Log;
use tokio::time::sleep;

pub fn ranges(
    total: u32,
    size: NonZeroUsize,
) -> impl Iterator<Item = RangeInclusive<u32>> + Send + 'static {
    let size = u32::try_from(size.get()).unwrap_or(u32::MAX);
    let firsts = (1..=total).step_by(size as usize);
    firsts.map(move |first| first..=total.min(first.saturating_add(size - 1)))
}

pub async fn fetch(numbers: RangeInclusive<u32>, log: &Log) -> Vec<u32> {
    let _span = kit::span(format!("{numbers:?}"));
    log.add(format!("fetch {numbers:?}"));
    sleep(Duration::from_secs(1)).await;
    log.add(format!("got {numbers:?}"));
    numbers.collect()
}

struct Batches {
    left: Box<dyn Iterator<Item = RangeInclusive<u32>> + Send>,
    log: Log,
    running: Option<BoxFuture<'static, Vec<u32>>>,
}

impl Batches {
    fn new(total: u32, size: NonZeroUsize, log: Log) -> Self {
        Batches { left: Box::new(ranges(total, size)), log, running: None }
    }
}

impl Stream for Batches {
    type Item = Vec<u32>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<u32>>> {
        let this = &mut *self;
        if this.running.is_none() {
            let log = this.log.clone();
            let next = this.left.next();
            this.running = next.map(|numbers| async move { fetch(numbers, &log).await }.boxed());
        }
        let Some(running) = &mut this.running else { return Poll::Ready(None) };
        let batch = ready!(running.as_mut().poll(cx));
        this.running = None;
        Poll::Ready(Some(batch))
    }
}

pub fn batches_unfold(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Vec<u32>> + Send {
    Batches::new(total, size, log)
}

pub fn batches_macro(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Vec<u32>> + Send {
    Batches::new(total, size, log)
}

pub async fn process_in_batches(s: impl Stream<Item = Vec<u32>>) -> (usize, usize) {
    let mut s = Box::pin(s);
    let (mut batches, mut items) = (0, 0);
    while let Some(batch) = s.next().await {
        batches += 1;
        for _item in batch {
            sleep(Duration::from_millis(100)).await;
            items += 1;
        }
    }
    (batches, items)
}
