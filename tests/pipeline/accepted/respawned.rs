//! A worker that panics is gone, and whoever watches over them spawns another one.

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
    let rx = Arc::new(Mutex::new(rx));
    let f = Arc::new(f);
    tokio::spawn(async move {
        let mut all = JoinSet::new();
        let hire = |all: &mut JoinSet<()>| {
            let (rx, f, tx) = (rx.clone(), f.clone(), tx.clone());
            all.spawn(async move {
                loop {
                    let item = rx.lock().await.recv().await;
                    let Some(item) = item else { break };
                    if tx.send(f(item).await).await.is_err() {
                        break;
                    }
                }
            });
        };
        for _ in 0..workers.get() {
            hire(&mut all);
        }
        loop {
            tokio::select! {
                ended = all.join_next() => match ended {
                    Some(Ok(())) => {}
                    Some(Err(_)) => hire(&mut all),
                    None => break,
                },
                () = tx.closed() => break,
            }
        }
    });
    results
}
