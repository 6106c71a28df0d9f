//! "While it waits for an item it listens; work that has begun is worth finishing."

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{Mutex, mpsc};

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
    let rx = Arc::new(Mutex::new(rx));
    let f = Arc::new(f);
    for _ in 0..workers.get() {
        let (rx, f, tx) = (rx.clone(), f.clone(), tx.clone());
        tokio::spawn(async move {
            loop {
                let item = tokio::select! {
                 item = async { rx.lock().await.recv().await } => item,
                 () = tx.closed() => break,
                };
                let Some(item) = item else { break };
                let Ok(result) = AssertUnwindSafe(f(item)).catch_unwind().await else { continue };
                if tx.send(result).await.is_err() {
                    break;
                }
            }
        });
    }
    results
}
