//! "Take an item, begin it; when there are enough, wait for one."

use std::num::NonZeroUsize;
use std::pin::pin;

use futures::stream::{FuturesOrdered, FuturesUnordered, Stream, StreamExt};

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let mut s = pin!(s);
    let mut at_work = FuturesOrdered::new();
    let mut results = Vec::new();
    while let Some(item) = s.next().await {
        at_work.push_back(f(item));
        if at_work.len() == limit.get() {
            results.extend(at_work.next().await);
        }
    }
    results.extend(at_work.collect::<Vec<_>>().await);
    results
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    let mut s = pin!(s);
    let mut at_work = FuturesUnordered::new();
    while let Some(item) = s.next().await {
        at_work.push(f(item));
        if at_work.len() == limit.get() {
            at_work.next().await;
        }
    }
    at_work.collect::<()>().await;
}
