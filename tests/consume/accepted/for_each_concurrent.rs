//! Results with their number, sorted at the end; and an adaptor that was made for the rest.

use std::num::NonZeroUsize;

use futures::{Stream, StreamExt};

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let numbered = s.enumerate().map(|(n, item)| {
        let result = f(item);
        async move { (n, result.await) }
    });
    let mut all: Vec<_> = numbered.buffer_unordered(limit.get()).collect().await;
    all.sort_by_key(|(n, _)| *n);
    all.into_iter().map(|(_, result)| result).collect()
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    s.for_each_concurrent(limit.get(), |item| f(item)).await;
}
