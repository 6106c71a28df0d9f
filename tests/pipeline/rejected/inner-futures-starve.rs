//! "buffer_unordered does the work, and I hand on what it gives."

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::pin::pin;

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

        let done = items.map(|item| AssertUnwindSafe(f(item)).catch_unwind());
        let mut done = pin!(done.buffer_unordered(workers.get()));
        let all = async {
            while let Some(result) = done.next().await {
                if let Ok(result) = result {
                    let _ = tx.send(result).await;
                }
            }
        };
        tokio::select! {
            () = all => {}
            () = tx.closed() => {}
        }
    });
    results
}
