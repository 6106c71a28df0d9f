//! "The threads write down what they have": and nobody tells the task.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

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
    let digests = Arc::new(Mutex::new(vec![None; chunks.len()]));
    let queue = Arc::new(Mutex::new(chunks.into_iter().enumerate()));
    for _ in 0..limit.get() {
        let (queue, work, digests) = (queue.clone(), work.clone(), digests.clone());
        std::thread::spawn(move || {
            loop {
                let next = queue.lock().unwrap().next();
                let Some((place, chunk)) = next else { break };
                let digest = work(&chunk);
                digests.lock().unwrap()[place] = Some(digest);
            }
        });
    }
    std::future::poll_fn(move |_| {
        let digests: Option<Vec<u64>> = digests.lock().unwrap().iter().copied().collect();
        digests.map_or(Poll::Pending, Poll::Ready)
    })
    .await
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
