//! One queue that keeps the order, and `select!` of futures between it and the source.

use std::num::NonZeroUsize;
use std::pin::pin;

use futures::stream::{FusedStream, FuturesOrdered};
use futures::{Stream, StreamExt, TryStreamExt, select_biased};

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let mut s = pin!(s.fuse());
    let (mut begun, mut results) = (FuturesOrdered::new(), Vec::new());
    loop {
        if begun.len() < limit.get() && !s.is_terminated() {
            select_biased! {
                result = begun.select_next_some() => results.push(result),
                item = s.next() => match item {
                    Some(item) => begun.push_back(f(item)),
                    None => continue,
                },
            }
        } else {
            let Some(result) = begun.next().await else { return results };
            results.push(result);
        }
    }
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    let all = s.map(Ok::<_, ()>).try_for_each_concurrent(limit.get(), async |item| {
        f(item).await;
        Ok(())
    });
    let _ = all.await;
}
