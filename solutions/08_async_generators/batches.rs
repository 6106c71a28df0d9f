//! batches: the reference answer.
//!
//! A generator is a loop that stops at each value until somebody asks for the
//! next. What it has to remember meanwhile is the whole difference between the
//! two ways: with `unfold` you name it, with `stream!` the compiler finds it.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::pin::pin;
use std::time::Duration;

use async_stream::stream;
use futures::stream::unfold;
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

/// Fetches the numbers from 1 to `total`, a batch of `size` each time that
/// somebody asks for one, and nothing that nobody asked for. With `unfold`.
pub fn batches_unfold(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Vec<u32>> + Send {
    // The state goes into each step by value and comes out of it again: nothing
    // is borrowed across an await, so nothing stands in the way of `Send`.
    unfold((ranges(total, size), log), |(mut left, log)| async move {
        // `None` from here is the end of the stream.
        let numbers = left.next()?;
        let batch = fetch(numbers, &log).await;
        Some((batch, (left, log)))
    })
}

/// The same with `async_stream::stream!`.
pub fn batches_macro(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Vec<u32>> + Send {
    // Nothing of this has run when the function returns: the body starts with
    // the first poll, like that of an async block.
    stream! {
        for numbers in ranges(total, size) {
            // Stops at the `yield` until the next batch is asked for. Dropped
            // in between, the loop simply never goes on.
            yield fetch(numbers, &log).await;
        }
    }
}

/// Reads batch after batch and works on every item for 0.1 s, one after the
/// other, before it asks for the next batch. Returns how many batches and how
/// many items there were.
pub async fn process_in_batches(s: impl Stream<Item = Vec<u32>>) -> (usize, usize) {
    // Both generators are made of async code, which may hold references into
    // itself: to be polled they have to stay where they are.
    let mut s = pin!(s);
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
