//! Workers ask, and one task answers: a request is a place for one item, and is answered when
//! there is an item.

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

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
    let mut rx = rx;
    let (tx, results) = mpsc::channel(cap.get());
    let (ask, mut asked) = mpsc::channel::<oneshot::Sender<T>>(workers.get());
    let f = Arc::new(f);
    for _ in 0..workers.get() {
        let (f, tx, ask) = (f.clone(), tx.clone(), ask.clone());
        tokio::spawn(async move {
            let work = async {
                loop {
                    let (reply, item) = oneshot::channel();
                    if ask.send(reply).await.is_err() {
                        break;
                    }
                    let Ok(item) = item.await else { break };
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
    drop(ask);
    tokio::spawn(async move {
        let share_out = async {
            while let Some(worker) = asked.recv().await {
                let Some(item) = rx.recv().await else { break };
                let _ = worker.send(item);
            }
        };
        tokio::select! {
            () = share_out => {}
            () = tx.closed() => {}
        }
    });
    results
}
