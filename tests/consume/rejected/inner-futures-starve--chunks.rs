//! "Batches of so many, and gather for each."

use std::num::NonZeroUsize;

use futures::future::join_all;
use futures::{Stream, StreamExt};
use std::pin::pin;

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let mut all = vec![];
    let mut s = pin!(s.chunks(limit.get().min(100)));
    while let Some(some) = s.next().await {
        all.extend(join_all(some.into_iter().map(|i| f(i))).await);
    }
    all
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    let mut s = pin!(s.chunks(limit.get().min(100)));
    while let Some(some) = s.next().await {
        join_all(some.into_iter().map(|i| f(i))).await;
    }
}
