//! "async for, and await in it."

use std::num::NonZeroUsize;
use std::pin::pin;

use futures::{Stream, StreamExt};

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let _ = limit;
    let mut s = pin!(s);
    let mut results = Vec::new();
    while let Some(item) = s.next().await {
        results.push(f(item).await);
    }
    results
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    let _ = limit;
    s.for_each(|item| f(item)).await;
}
