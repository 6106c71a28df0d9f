//! As many jobs as allowed, each of which takes chunk after chunk.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::task::{JoinSet, spawn_blocking, yield_now};

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
    let queue = Arc::new(Mutex::new(chunks.into_iter().enumerate()));
    let mut jobs = JoinSet::new();
    for _ in 0..limit.get().min(queue.lock().unwrap().len()) {
        let (queue, work) = (queue.clone(), work.clone());
        jobs.spawn_blocking(move || {
            let next = || queue.lock().unwrap().next();
            let digests = std::iter::from_fn(|| next().map(|(place, chunk)| (place, work(&chunk))));
            digests.collect::<Vec<_>>()
        });
    }
    let mut digests = jobs.join_all().await.concat();
    digests.sort();
    digests.into_iter().map(|(_, digest)| digest).collect()
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
