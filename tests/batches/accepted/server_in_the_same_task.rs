//! The server of the batches lives in the stream's own task, and lets others go first.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::time::Duration;

use async_stream::stream;
use futures::stream::unfold;
use futures::{Stream, StreamExt};
use kit::Log;
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;
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
        yield_now().await;
        let batch = fetch(numbers, &log).await;
        yield_now().await;
        Some((batch, (left, log)))
    })
}

pub fn batches_macro(
    total: u32,
    size: NonZeroUsize,
    log: Log,
) -> impl Stream<Item = Vec<u32>> + Send {
    stream! {
        let (ask, mut asked) = mpsc::channel::<oneshot::Sender<Vec<u32>>>(1);
        let mut server = Box::pin(async move {
            for numbers in ranges(total, size) {
                let Some(reply) = asked.recv().await else { return };
                let _ = reply.send(fetch(numbers, &log).await);
            }
        });
        loop {
            let (reply, mut answer) = oneshot::channel();
            if ask.send(reply).await.is_err() {
                return;
            }
            let batch = tokio::select! {
                biased;
                batch = &mut answer => batch.ok(),
                () = &mut server => answer.try_recv().ok(),
            };
            match batch {
                Some(batch) => yield batch,
                None => return,
            }
        }
    }
}

pub async fn process_in_batches(s: impl Stream<Item = Vec<u32>>) -> (usize, usize) {
    tokio::pin!(s);
    let mut sizes = Vec::new();
    loop {
        tokio::select! {
            batch = s.next() => match batch {
                Some(batch) => sizes.push(batch.len()),
                None => return (sizes.len(), sizes.iter().sum()),
            }
        }
        for _ in 0..sizes[sizes.len() - 1] {
            sleep(Duration::from_millis(100)).await;
        }
    }
}
