//! "So many threads, and each has its share": who is done with it is idle, and the others are not helped.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::join_all;
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
    let lanes = limit.get().min(chunks.len());
    let mut shares = vec![Vec::new(); lanes];
    for (place, chunk) in chunks.iter().cloned().enumerate() {
        shares[place % lanes].push(chunk);
    }
    let shares = shares.into_iter().map(|share| {
        let work = work.clone();
        let digests = move || share.iter().map(|chunk| work(chunk)).collect::<Vec<_>>();
        async move { spawn_blocking(digests).await.unwrap() }
    });
    let digests = join_all(shares).await;
    (0..chunks.len()).map(|place| digests[place % lanes][place / lanes]).collect()
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
