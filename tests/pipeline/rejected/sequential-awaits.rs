//! "Receive, work, send: that is a stage."

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use futures::future::BoxFuture;
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
    let _ = workers;
    let mut rx = rx;
    let (tx, results) = mpsc::channel(cap.get());
    tokio::spawn(async move {
        let work = async {
            while let Some(item) = rx.recv().await {
                if let Ok(result) = AssertUnwindSafe(f(item)).catch_unwind().await {
                    let _ = tx.send(result).await;
                }
            }
        };
        tokio::select! {
            () = work => {}
            () = tx.closed() => {}
        }
    });
    results
}
