//! Adaptors do it all: `then` fetches on demand, `fold` reads.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::time::Duration;

use futures::stream::iter;
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

fn try_stream(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Result<Vec<u32>, Infallible>> + Send {
    async_stream::try_stream! {
        let mut left = ranges(total, size);
        while let Some(numbers) = left.next() {
            let batch = fetch(numbers, &log).await;
            yield batch;
        }
    }
}

pub fn batches_unfold(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Vec<u32>> + Send {
    iter(ranges(total, size)).then(move |numbers| {
        let log = log.clone();
        async move { fetch(numbers, &log).await }
    })
}

pub fn batches_macro(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Vec<u32>> + Send {
    try_stream(total, size, log).map(|batch| match batch {
        Ok(batch) => batch,
        Err(never) => match never {},
    })
}

pub async fn process_in_batches(s: impl Stream<Item = Vec<u32>>) -> (usize, usize) {
    s.fold((0, 0), async |(batches, items), batch: Vec<u32>| {
        sleep(Duration::from_millis(100) * batch.len() as u32).await;
        (batches + 1, items + batch.len())
    })
    .await
}
