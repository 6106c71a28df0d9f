//! "A task fetches and wakes me: the one who asked first."

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::pin::{Pin, pin};
use std::time::Duration;

use async_stream::stream;
use futures::stream::unfold;
use futures::{Stream, StreamExt};
use kit::Log;
use std::sync::{Arc, Mutex};
use std::task::Poll;
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
    let mut left = ranges(total, size);
    let slot: Arc<Mutex<Option<Vec<u32>>>> = Arc::default();
    let mut tasks = tokio::task::JoinSet::new();
    futures::stream::poll_fn(move |cx| {
        if let Some(batch) = slot.lock().unwrap().take() {
            tasks = tokio::task::JoinSet::new();
            return Poll::Ready(Some(batch));
        }
        if tasks.is_empty() {
            let Some(numbers) = left.next() else { return Poll::Ready(None) };
            let (slot, log, waker) = (slot.clone(), log.clone(), cx.waker().clone());
            tasks.spawn(async move {
                let batch = fetch(numbers, &log).await;
                *slot.lock().unwrap() = Some(batch);
                waker.wake();
            });
        }
        Poll::Pending
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
            sleep(Duration::from_millis(100)).await;
            items += 1;
        }
    }
    (batches, items)
}
