//! "When no more items come, join_all waits for the last ones."

use std::num::NonZeroUsize;
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::mpsc;
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
    let mut rx = rx;
    let (tx, results) = mpsc::channel(cap.get());
    let f = Arc::new(f);
    tokio::spawn(async move {
        let mut at_work = JoinSet::new();
        let all = async {
            loop {
                tokio::select! {
                    item = rx.recv(), if at_work.len() < workers.get() => {
                        let Some(item) = item else { break };
                        let (f, tx) = (f.clone(), tx.clone());
                        at_work.spawn(async move {
                            let _ = tx.send(f(item).await).await;
                        });
                    }
                    // A panic costs its own item.
                    Some(_) = at_work.join_next() => {}
                }
            }
            // No more items: wait for what is being worked on.
            at_work.join_all().await;
        };
        tokio::select! {
            _ = all => {}
            () = tx.closed() => {}
        }
    });
    results
}
