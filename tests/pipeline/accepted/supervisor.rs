//! One task owns the workers, and ends them when nobody reads. It keeps a sender to listen,
//! but for no longer than there are workers.

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
            while let Some(item) = {
                let mut rx = rx.lock().await;
                rx.recv().await
            } {
                if let Ok(result) = AssertUnwindSafe(f(item)).catch_unwind().await
                    && tx.send(result).await.is_err()
                {
                    break;
                }
            }
        });
    }
    drop(rx);
    tokio::spawn(async move {
        let done = async { while all.join_next().await.is_some() {} };
        tokio::select! {
            () = done => {}
            () = tx.closed() => {}
        }
    });
    results
}
