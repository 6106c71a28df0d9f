//! "When no more items come, all that is left to do is to wait for the last ones."

use std::num::NonZeroUsize;
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::{Semaphore, mpsc};
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
    let limit = Arc::new(Semaphore::new(workers.get()));
    tokio::spawn(async move {
        let mut at_work = JoinSet::new();
        let all = async {
            loop {
                let Ok(permit) = limit.clone().acquire_owned().await else { break };
                let Some(item) = rx.recv().await else { break };
                let (f, tx) = (f.clone(), tx.clone());
                at_work.spawn(async move {
                    let result = f(item).await;
                    let _ = tx.send(result).await;
                    drop(permit);
                });
            }
        };
        tokio::select! {
            () = all => {}
            () = tx.closed() => return,
        }
        drop(tx);
        // A set that is dropped ends its tasks; these have something to say.
        while at_work.join_next().await.is_some() {}
    });
    results
}
