//! pipeline: the reference answer.
//!
//! There is no supervisor. Each worker holds a share of the input and a sender of its
//! own, and when the worker goes, these go. So both ends of the stage close by
//! themselves, and each neighbour hears of it: that is all the shutdown there is.

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{Mutex, mpsc};

/// One stage of a pipeline: workers call `f` for each item of `rx`. What comes of it
/// goes into a queue with `cap` places; its other end is returned.
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
    // A receiver has one owner, so the workers share it behind a lock. It is held
    // across an await, and must be: hence the lock is Tokio's.
    let rx = Arc::new(Mutex::new(rx));
    let f = Arc::new(f);
    for _ in 0..workers.get() {
        let (rx, f, tx) = (rx.clone(), f.clone(), tx.clone());
        tokio::spawn(async move {
            let work = async {
                loop {
                    // A statement of its own: at its end the guard is gone. In the
                    // head of a `while let` it would live as long as the body.
                    let item = rx.lock().await.recv().await;
                    let Some(item) = item else { break };
                    // Caught here, where it costs one item. It is safe: whatever the
                    // future had in its hands is dropped with it.
                    let Ok(result) = AssertUnwindSafe(f(item)).catch_unwind().await else {
                        continue;
                    };
                    // The place comes after the work. Asked for before, it would be
                    // kept from all others for as long as the work takes.
                    if tx.send(result).await.is_err() {
                        break;
                    }
                }
            };
            // `send` would tell it, too, but only a worker that has a result. This
            // one may be waiting for an item that never comes.
            tokio::select! {
                () = work => {}
                () = tx.closed() => {}
            }
        });
    }
    // The first sender is dropped here. It must not outlive the workers' own, or
    // the results had no end.
    results
}
