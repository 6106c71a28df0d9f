//! "A std mutex will do, if it is locked only inside of poll."

use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};

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
    let (tx, results) = mpsc::channel(cap.get());
    let rx = Arc::new(Mutex::new(rx));
    let f = Arc::new(f);
    for _ in 0..workers.get() {
        let (rx, f, tx) = (rx.clone(), f.clone(), tx.clone());
        tokio::spawn(async move {
            let work = async {
                loop {
                    let item = poll_fn(|cx| rx.lock().unwrap().poll_recv(cx)).await;
                    let Some(item) = item else { break };
                    let Ok(result) = AssertUnwindSafe(f(item)).catch_unwind().await else {
                        continue;
                    };
                    if tx.send(result).await.is_err() {
                        break;
                    }
                }
            };
            tokio::select! { () = work => {} () = tx.closed() => {} }
        });
    }
    results
}
