//! "When no more items come, all that is left is to await what has begun, one after the other."

use std::collections::VecDeque;
use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::task::Poll;

use futures::future::MaybeDone;
use futures::{FutureExt, Stream, StreamExt};

pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let mut s = pin!(s.fuse());
    let (mut begun, mut results) = (VecDeque::new(), Vec::new());
    loop {
        let next = poll_fn(|cx| {
            for work in &mut begun {
                let work: &mut std::pin::Pin<Box<MaybeDone<_>>> = work;
                let _ = work.poll_unpin(cx);
            }
            while let Some(first) = begun.front_mut() {
                let Some(result) = first.as_mut().take_output() else { break };
                results.push(result);
                begun.pop_front();
            }
            match begun.len() < limit.get() {
                true => s.poll_next_unpin(cx),
                false => Poll::Pending,
            }
        })
        .await;
        let Some(item) = next else { break };
        begun.push_back(Box::pin(MaybeDone::Future(f(item))));
    }
    for mut work in begun {
        work.as_mut().await;
        results.extend(work.as_mut().take_output());
    }
    results
}

pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    s.for_each_concurrent(limit.get(), |item| f(item)).await;
}
