//! "Whoever falls down is replaced, and the new one does the work."

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::panicking;

use futures::future::BoxFuture;
use tokio::sync::{Mutex, mpsc};

type Work<T, U> = dyn Fn(T) -> BoxFuture<'static, U> + Send + Sync;

/// What a worker needs. If it falls down with it, somebody else takes over.
struct Desk<T: Send + 'static, U: Send + 'static> {
    rx: Arc<Mutex<mpsc::Receiver<T>>>,
    tx: mpsc::Sender<U>,
    f: Arc<Work<T, U>>,
}

impl<T: Send + 'static, U: Send + 'static> Desk<T, U> {
    fn again(&self) -> Self {
        Desk { rx: self.rx.clone(), tx: self.tx.clone(), f: self.f.clone() }
    }

    async fn work(self) {
        loop {
            let item = self.rx.lock().await.recv().await;
            let Some(item) = item else { break };
            let result = (self.f)(item).await;
            if self.tx.send(result).await.is_err() {
                break;
            }
        }
    }
}

impl<T: Send + 'static, U: Send + 'static> Drop for Desk<T, U> {
    fn drop(&mut self) {
        if panicking() {
            tokio::spawn(self.again().work());
        }
    }
}

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
    let desk = Desk { rx: Arc::new(Mutex::new(rx)), tx, f: Arc::new(f) };
    for _ in 0..workers.get() {
        let (desk, tx) = (desk.again(), desk.tx.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = desk.work() => {}
                () = tx.closed() => {}
            }
        });
    }
    results
}
