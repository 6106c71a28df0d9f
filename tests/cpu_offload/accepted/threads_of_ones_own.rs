//! Threads that take chunks out of one queue, and a channel back; a step counter instead of pieces.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;

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
    let mut digests = vec![None; chunks.len()];
    let queue = Arc::new(Mutex::new(chunks.into_iter().enumerate()));
    let (done, mut news) = mpsc::unbounded_channel();
    for _ in 0..limit.get().min(digests.len()) {
        let (queue, work, done) = (queue.clone(), work.clone(), done.clone());
        std::thread::spawn(move || {
            loop {
                let next = queue.lock().unwrap().next();
                let Some((place, chunk)) = next else { break };
                if done.send((place, work(&chunk))).is_err() {
                    break;
                }
            }
        });
    }
    drop(done);
    while let Some((place, digest)) = news.recv().await {
        digests[place] = Some(digest);
    }
    digests.into_iter().map(|digest| digest.expect("a thread has panicked")).collect()
}

pub async fn in_small_steps(data: &[u8], every: NonZeroUsize, mut step: impl FnMut(u8)) {
    for (done, byte) in data.iter().enumerate() {
        if done > 0 && done % every == 0 {
            yield_now().await;
        }
        step(*byte);
    }
}

struct Tells(StopFlag);

impl Drop for Tells {
    fn drop(&mut self) {
        self.0.set();
    }
}

pub async fn cancellable<T: Send + 'static>(job: impl FnOnce(StopFlag) -> T + Send + 'static) -> T {
    let tells = Tells(StopFlag::default());
    let flag = tells.0.clone();
    let (done, news) = oneshot::channel();
    std::thread::spawn(move || done.send(job(flag)));
    news.await.expect("the job has panicked")
}
