//! One task for all of them. Each of its futures works and sends, so none stands still while
//! another one waits for a place.

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use tokio::sync::mpsc;

pub fn stage<T, U, F>(
    rx: mpsc::Receiver<T>,
    cap: NonZeroUsize,
    workers: NonZeroUsize,
    f: F,
) -> mpsc::Receiver<U>
where
    T: Send + 'static,
    U: Send + 'static,
    F: Fn(T) -> BoxFuture<'static, U> + Send + Sync + 'static,
{
    let (tx, results) = mpsc::channel(cap.get());
    tokio::spawn(async move {
        let items = stream::unfold(rx, |mut rx| async { rx.recv().await.map(|item| (item, rx)) });

        let all = items.for_each_concurrent(workers.get(), async |item| {
            if let Ok(result) = AssertUnwindSafe(f(item)).catch_unwind().await {
                let _ = tx.send(result).await;
            }
        });
        tokio::select! {
            () = all => {}
            () = tx.closed() => {}
        }
    });
    results
}
