//! Each worker gives each item to a task, and takes that along when it goes.

use std::num::NonZeroUsize;
use std::sync::Arc;

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
    let (rx, f) = (Arc::new(Mutex::new(rx)), Arc::new(f));
    for _ in 0..workers.get() {
        let (rx, f, tx) = (rx.clone(), f.clone(), tx.clone());
        tokio::spawn(async move {
            let mut one = JoinSet::new();
            loop {
                tokio::select! {
                    biased;
                    () = tx.closed() => break,
                    item = async { rx.lock().await.recv().await } => {
                        let Some(item) = item else { break };
                        one.spawn(f(item));
                    }
                }
                tokio::select! {
                    biased;
                    () = tx.closed() => break,
                    ended = one.join_next() => {
                        let Some(Ok(result)) = ended else { continue };
                        let Ok(()) = tx.send(result).await else { break };
                    }
                }
            }
        });
    }
    results
}
