//! "Somebody has to watch whether they still read, and stop the workers."

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

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
    let mut all = JoinSet::new();
    for _ in 0..workers.get() {
        let (rx, f, tx) = (rx.clone(), f.clone(), tx.clone());
        all.spawn(async move {
            loop {
                let item = rx.lock().await.recv().await;
                let Some(item) = item else { break };
                if let Ok(result) = AssertUnwindSafe(f(item)).catch_unwind().await {
                    let _ = tx.send(result).await;
                }
            }
        });
    }
    drop(rx);
    tokio::spawn(async move {
        tx.closed().await;
        all.shutdown().await;
    });
    results
}
