//! "Work is blocking work."

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::pin::{Pin, pin};
use std::time::Duration;

use async_stream::stream;
use futures::stream::unfold;
use futures::{Stream, StreamExt};
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

pub fn batches_unfold(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Vec<u32>> + Send {
    unfold((ranges(total, size), log), |(mut left, log)| async move {
        let numbers = left.next()?;
        let batch = fetch(numbers, &log).await;
        Some((batch, (left, log)))
    })
}

pub fn batches_macro(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Vec<u32>> + Send {
    stream! {
        for numbers in ranges(total, size) {
            yield fetch(numbers, &log).await;
        }
    }
}

pub async fn process_in_batches(s: impl Stream<Item = Vec<u32>>) -> (usize, usize) {
    let mut s = pin!(s);
    let (mut batches, mut items) = (0, 0);
    while let Some(batch) = s.next().await {
        batches += 1;
        for _item in batch {
            tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_millis(100)))
                .await
                .unwrap();
            items += 1;
        }
    }
    (batches, items)
}
