//! "The one that comes out next makes one more."

use std::num::NonZeroUsize;

use futures::{Stream, StreamExt};

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    s.map(|item| f(item)).buffered(limit.get() - 1).collect().await
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    s.map(|item| f(item)).buffer_unordered(limit.get()).collect::<()>().await;
}
