//! "Whoever is done wakes me, and then I begin the next."

use std::num::NonZeroUsize;

use futures::{Stream, StreamExt};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

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
    let mut at_work: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> = vec![];
    poll_fn(|cx| {
        at_work.retain_mut(|w| w.as_mut().poll(cx).is_pending());
        while at_work.len() < limit.get() {
            match s.as_mut().poll_next(cx) {
                Poll::Ready(Some(item)) => at_work.push(Box::pin(f(item))),
                _ => break,
            }
        }
        if s.is_done() && at_work.is_empty() {
            return Poll::Ready(());
        }
        Poll::Pending
    })
    .await;
}
