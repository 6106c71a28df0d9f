//! `scan` keeps the state, `try_stream!` yields, `fold` counts.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::time::Duration;

use futures::{Stream, StreamExt};
use kit::Log;
use tokio::time::sleep;

/// The numbers from 1 to `total` in pieces of `size`: 1..=3, 4..=6, and so on;
/// the last one may be short. Leave this one as it is.
pub fn ranges(
    total: u32,
    size: NonZeroUsize,
) -> impl Iterator<Item = RangeInclusive<u32>> + Send + 'static {
    let size = u32::try_from(size.get()).unwrap_or(u32::MAX);
    let firsts = (1..=total).step_by(size as usize);
    firsts.map(move |first| first..=total.min(first.saturating_add(size - 1)))
}

/// Asks a slow server for these numbers. Leave this one as it is.
pub async fn fetch(numbers: RangeInclusive<u32>, log: &Log) -> Vec<u32> {
    let _span = kit::span(format!("{numbers:?}")); // a bar in the timeline of your verdict
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
    futures::stream::repeat(()).scan(ranges(total, size), move |left, ()| {
        let numbers = left.next();
        let log = log.clone();
        async move { Some(fetch(numbers?, &log).await) }
    })
}

pub fn batches_macro(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Vec<u32>> + Send {
    async_stream::try_stream! {
        let mut left = ranges(total, size);
        while let Some(numbers) = left.next() {
            let batch = fetch(numbers, &log).await;
            yield batch;
        }
    }
    .map(|batch: Result<Vec<u32>, std::convert::Infallible>| match batch {
        Ok(batch) => batch,
        Err(never) => match never {},
    })
}

pub async fn process_in_batches(s: impl Stream<Item = Vec<u32>>) -> (usize, usize) {
    s.fold((0, 0), async |(batches, items), batch| {
        for _ in 0..batch.len() {
            sleep(Duration::from_millis(100)).await;
        }
        (batches + 1, items + batch.len())
    })
    .await
}
