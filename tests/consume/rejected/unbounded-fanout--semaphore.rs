//! "A semaphore keeps the number down."

use std::num::NonZeroUsize;

use futures::future::join_all;
use futures::{Stream, StreamExt};
use tokio::sync::Semaphore;

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let permits = Semaphore::new(limit.get().min(Semaphore::MAX_PERMITS));
    let work = s.map(|item| async {
        let _permit = permits.acquire().await;
        f(item).await
    });
    join_all(work.collect::<Vec<_>>().await).await
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    map_ordered(s, limit, f).await;
}
