//! "next() wants Unpin, so I ask for it."

use std::num::NonZeroUsize;

use futures::stream::{FuturesOrdered, Stream, StreamExt};

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T> + Unpin,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let mut s = s.fuse();
    let mut at_work = FuturesOrdered::new();
    let mut results = Vec::new();
    loop {
        tokio::select! {
            Some(result) = at_work.next(), if !at_work.is_empty() => results.push(result),
            Some(item) = s.next(), if at_work.len() < limit.get() => at_work.push_back(f(item)),
            else => return results,
        }
    }
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T> + Unpin,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    map_ordered(s, limit, f).await;
}
