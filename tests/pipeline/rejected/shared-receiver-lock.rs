//! "While there is an item, work on it."

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
            let work = async {
                while let Some(item) = rx.lock().await.recv().await {
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
    }
    results
}
