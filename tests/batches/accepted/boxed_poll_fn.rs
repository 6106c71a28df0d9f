//! `poll_fn` around a boxed fetch, a list that is emptied, and one wait for all items of a batch.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::time::Duration;

use async_stream::stream;
use futures::future::BoxFuture;
use futures::{Stream, StreamExt};
use kit::Log;
use std::task::{Poll, ready};
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
) -> futures::stream::BoxStream<'static, Vec<u32>> {
    let mut left: Box<dyn Iterator<Item = RangeInclusive<u32>> + Send> =
        Box::new(ranges(total, size));
    let mut now: Option<BoxFuture<'static, Vec<u32>>> = None;
    futures::stream::poll_fn(move |cx| {
        if now.is_none() {
            let Some(numbers) = left.next() else {
                return Poll::Ready(None);
            };
            let log = log.clone();
            now = Some(Box::pin(async move { fetch(numbers, &log).await }));
        }
        let batch = ready!(now.as_mut().expect("just made").as_mut().poll(cx));
        now = None;
        Poll::Ready(Some(batch))
    })
    .boxed()
}

pub fn batches_macro(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Vec<u32>> + Send {
    Box::pin(stream! {
        let mut rest = ranges(total, size).collect::<std::collections::VecDeque<_>>();
        loop {
            let Some(numbers) = rest.pop_front() else { return };
            let batch = async { fetch(numbers, &log).await }.await;
            if !batch.is_empty() {
                yield batch;
            }
        }
    })
}

pub async fn process_in_batches(s: impl Stream<Item = Vec<u32>>) -> (usize, usize) {
    tokio::pin!(s);
    let mut counts = (0, 0);
    loop {
        let Some(batch) = std::future::poll_fn(|cx| s.as_mut().poll_next(cx)).await else {
            break;
        };
        counts.0 += 1;
        counts.1 += batch.len();
        sleep(Duration::from_millis(100) * batch.len() as u32).await;
    }
    counts
}
