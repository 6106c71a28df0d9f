//! "Each writes to the list when it is done": the lock is taken before the work, and so only one works at a time.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use futures::stream::{self, StreamExt};
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
    let digests = Arc::new(Mutex::new(vec![0; chunks.len()]));
    let all = stream::iter(chunks.into_iter().enumerate());
    all.for_each_concurrent(limit.get(), |(place, chunk)| {
        let (work, digests) = (work.clone(), digests.clone());
        async move {
            let write = move || {
                let mut digests = digests.lock().unwrap();
                digests[place] = work(&chunk);
            };
            spawn_blocking(write).await.unwrap()
        }
    })
    .await;
    std::mem::take(&mut *digests.lock().unwrap())
}

pub async fn in_small_steps(data: &[u8], every: NonZeroUsize, mut step: impl FnMut(u8)) {
    for piece in data.chunks(every.get()) {
        piece.iter().copied().for_each(&mut step);
        yield_now().await;
    }
}

struct Tells(StopFlag);

impl Drop for Tells {
    fn drop(&mut self) {
        self.0.set();
    }
}

pub async fn cancellable<T: Send + 'static>(job: impl FnOnce(StopFlag) -> T + Send + 'static) -> T {
    let flag = StopFlag::default();
    let _tells = Tells(flag.clone());
    spawn_blocking(move || job(flag)).await.unwrap()
}
