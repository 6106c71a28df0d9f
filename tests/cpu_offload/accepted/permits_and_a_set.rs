//! A semaphore bounds the work, and the permit goes along with it; results know their places.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Semaphore;
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
    let permits = Arc::new(Semaphore::new(limit.get()));
    let mut digests = vec![0; chunks.len()];
    let mut tasks = JoinSet::new();
    for (place, chunk) in chunks.into_iter().enumerate() {
        let (permits, work) = (permits.clone(), work.clone());
        tasks.spawn(async move {
            let permit = permits.acquire_owned().await.unwrap();
            let digest = spawn_blocking(move || {
                let digest = work(&chunk);
                drop(permit);
                digest
            });
            (place, digest.await.unwrap())
        });
    }
    while let Some(done) = tasks.join_next().await {
        let (place, digest) = done.unwrap();
        digests[place] = digest;
    }
    digests
}

pub async fn in_small_steps(data: &[u8], every: NonZeroUsize, mut step: impl FnMut(u8)) {
    for piece in data.chunks(every.get()) {
        piece.iter().copied().for_each(&mut step);
        // Behind all who are ready now, and behind those whom they wake.
        yield_now().await;
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
