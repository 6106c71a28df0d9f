//! batches: an async generator, written in two ways.
//!
//! You know this from asyncio:
//!
//!     async def batches(total, size):
//!         for numbers in ranges(total, size):
//!             yield await fetch(numbers)
//!
//! `yield` hands out a value and stops right there until somebody asks for the
//! next one. A loop that breaks after two batches has fetched two.
//!
//! Rust has no `yield` of its own yet. Write the generator
//!   1. with `futures::stream::unfold`: you keep the state that `yield` would keep,
//!   2. with the macro `async_stream::stream!`, which gives you the word `yield`.
//! Then write `process_in_batches`, which reads either of them.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::time::Duration;

use futures::{Stream, stream};
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
    let _ = (total, size, log);
    stream::poll_fn(|_| todo!("from a state to a batch and the next state"))
}

/// The same with `async_stream::stream!`.
pub fn batches_macro(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Vec<u32>> + Send {
    let _ = (total, size, log);
    stream::poll_fn(|_| todo!("for … fetch … yield"))
}

/// Reads batch after batch and works on every item for 0.1 s, one after the
/// other, before it asks for the next batch. Returns how many batches and how
/// many items there were.
pub async fn process_in_batches(s: impl Stream<Item = Vec<u32>>) -> (usize, usize) {
    let _ = s;
    todo!("async for batch in s")
}
