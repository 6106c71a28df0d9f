//! "As long as something is at work, that is what I wait for."

use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::task::{Poll, ready};

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
    poll_fn(|cx| {
        loop {
            if !at_work.is_empty() {
                ready!(at_work.poll_next_unpin(cx));
            }
            while at_work.len() < limit.get() {
                match s.as_mut().poll_next(cx) {
                    Poll::Ready(Some(item)) => at_work.push(f(item)),
                    Poll::Pending if at_work.is_empty() => return Poll::Pending,
                    Poll::Ready(None) if at_work.is_empty() => return Poll::Ready(()),
                    Poll::Ready(None) | Poll::Pending => break,
                }
            }
        }
    })
    .await;
}
