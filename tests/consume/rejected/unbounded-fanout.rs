//! "Collect the work, then gather."

use std::num::NonZeroUsize;

use futures::future::join_all;
use futures::{Stream, StreamExt};

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let _ = limit;
    let work: Vec<_> = s.map(|item| f(item)).collect().await;
    join_all(work).await
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    let _ = limit;
    s.for_each_concurrent(None, |item| f(item)).await;
}
