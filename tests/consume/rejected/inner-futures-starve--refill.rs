//! "Fill up, looking at both; from then on one is done and one is taken."

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
    loop {
        if at_work.len() == limit.get() {
            at_work.next().await;
            let Some(item) = s.next().await else { break };
            at_work.push(f(item));
            continue;
        }
        tokio::select! {
            item = s.next() => match item {
                Some(item) => at_work.push(f(item)),
                None => break,
            },
            Some(()) = at_work.next() => {}
        }
    }
    at_work.collect::<()>().await;
}
