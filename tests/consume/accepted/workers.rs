//! As many workers as the limit; each takes the next item when it is free.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use futures::lock::Mutex;
use futures::stream::{FuturesUnordered, Stream, StreamExt};

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let results = RefCell::new(BTreeMap::new());
    let next = AtomicUsize::new(0);
    let numbered = s.map(|item| (next.fetch_add(1, Relaxed), item));
    for_each_limited(numbered, limit, async |(n, item)| {
        let result = f(item).await;
        results.borrow_mut().insert(n, result);
    })
    .await;
    results.into_inner().into_values().collect()
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    // Who has the lock has asked the source, and hands it on when an item is there.
    let source = Mutex::new(Box::pin(s.fuse()));
    let worker = || async {
        loop {
            let Some(item) = source.lock().await.next().await else { return };
            f(item).await;
        }
    };
    // No more of them than there is work for.
    let mut workers = FuturesUnordered::new();
    let limit = limit.get().min(64);
    workers.extend((0..limit).map(|_| worker()));
    while workers.next().await.is_some() {}
}
