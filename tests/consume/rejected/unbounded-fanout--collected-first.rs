//! "First the items, then the work."

use std::num::NonZeroUsize;

use futures::{Stream, StreamExt};

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let items: Vec<T> = s.collect().await;
    futures::stream::iter(items).map(|i| f(i)).buffered(limit.get()).collect().await
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    s.map(|item| f(item)).buffer_unordered(limit.get()).collect::<()>().await;
}
