//! Each result goes to a place of its own.

use std::num::NonZeroUsize;

use futures::{Stream, StreamExt};
use std::cell::RefCell;

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let slots: RefCell<Vec<Option<R>>> = RefCell::new(vec![]);
    s.enumerate()
        .for_each_concurrent(limit.get(), |(n, item)| {
            let (slots, f) = (&slots, &f);
            async move {
                let r = f(item).await;
                let mut slots = slots.borrow_mut();
                while slots.len() <= n {
                    slots.push(None);
                }
                slots[n] = Some(r);
            }
        })
        .await;
    slots.into_inner().into_iter().flatten().collect()
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    let permits = futures::lock::Mutex::new(());
    let _ = &permits;
    s.for_each_concurrent(Some(limit.get()), |item| async { f(item).await }).await;
}
