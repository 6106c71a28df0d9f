//! Results as they come, sorted by their places at the end.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::stream::{self, StreamExt};
use tokio::sync::oneshot;
use tokio::task::{spawn_blocking, yield_now};

pub type Work = Arc<dyn Fn(&[u8]) -> u64 + Send + Sync>;

#[derive(Clone, Debug, Default)]
pub struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    pub fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

pub async fn digest_all(chunks: Vec<Vec<u8>>, work: Work, limit: NonZeroUsize) -> Vec<u64> {
    let digests = stream::iter(chunks.into_iter().enumerate()).map(|(place, chunk)| {
        let work = work.clone();
        async move { (place, spawn_blocking(move || work(&chunk)).await.expect("a panic")) }
    });
    let mut digests: Vec<_> = digests.buffer_unordered(limit.get()).collect().await;
    digests.sort();
    digests.into_iter().map(|(_, digest)| digest).collect()
}

pub async fn in_small_steps(data: &[u8], every: NonZeroUsize, mut step: impl FnMut(u8)) {
    let mut left = every.get();
    for &byte in data {
        if left == 0 {
            tokio::task::yield_now().await;
            left = every.get();
        }
        step(byte);
        left -= 1;
    }
}

pub async fn cancellable<T: Send + 'static>(job: impl FnOnce(StopFlag) -> T + Send + 'static) -> T {
    let flag = StopFlag::default();
    let unwanted = flag.clone();
    let (wanted, is_wanted) = oneshot::channel::<()>();
    let done = spawn_blocking(move || job(flag));
    // Dropped with this future; then the watcher hears of it at once.
    let wanted = Wanted(Some(wanted), unwanted);
    let value = done.await.unwrap();
    drop((wanted, is_wanted));
    value
}

struct Wanted(Option<oneshot::Sender<()>>, StopFlag);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.1.set();
        drop(self.0.take());
    }
}
