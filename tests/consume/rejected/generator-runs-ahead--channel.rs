//! "Who takes the items need not be who works on them: a channel in between."

use std::num::NonZeroUsize;
use std::pin::pin;

use futures::stream::{Stream, StreamExt, unfold};
use tokio::sync::mpsc;

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
    // One lies in the channel, and one waits in the hands of the feeder.
    let (tx, rx) = mpsc::channel(1);
    let feed = async move {
        let mut s = pin!(s);
        while let Some(item) = s.next().await {
            let _ = tx.send(item).await;
        }
    };
    let items = unfold(rx, |mut rx| async move { Some((rx.recv().await?, rx)) });
    let work = items.for_each_concurrent(limit.get(), |item| f(item));
    futures::join!(feed, work);
}
