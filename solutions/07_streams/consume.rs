//! consume: the reference answer.
//!
//! A stream of items becomes a stream of futures, and then there are adaptors
//! that poll several of them at once. They take a future from the source only
//! when they have room for it, and poll what they hold while they wait for it.

use std::num::NonZeroUsize;

use futures::{Stream, StreamExt};

/// Calls `f` for each item and gives back what came of them, in the order of the
/// items, whoever was done first.
pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    // `map` only makes the futures; nothing of `f` runs until `buffered` polls
    // them. It keeps a result back until those before it are there.
    s.map(|item| f(item)).buffered(limit.get()).collect().await
}

/// Calls `f` for each item and comes back when all of them are done.
pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    // Unordered: a result that had to wait for its turn would keep its place,
    // and the next item could not begin.
    s.map(|item| f(item)).buffer_unordered(limit.get()).collect::<()>().await;
}
