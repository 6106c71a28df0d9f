//! "The next item can wait here until there is room."

use std::num::NonZeroUsize;
use std::pin::pin;

use futures::stream::{FuturesUnordered, Stream, StreamExt};

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    s.map(|item| f(item)).buffered(limit.get()).collect().await
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    let mut s = pin!(s.fuse());
    let mut at_work = FuturesUnordered::new();
    let mut next = None;
    loop {
        if at_work.len() < limit.get()
            && let Some(item) = next.take()
        {
            at_work.push(f(item));
        }
        tokio::select! {
            Some(()) = at_work.next() => {}
            Some(item) = s.next(), if next.is_none() => next = Some(item),
            else => return,
        }
    }
}
