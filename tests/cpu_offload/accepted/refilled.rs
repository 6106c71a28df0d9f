//! As many handles as allowed, in whatever order they end; one that is done makes room for one.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use futures::stream::{FuturesUnordered, StreamExt};
use tokio::task::{JoinHandle, spawn_blocking};

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
    let mut digests = vec![0; chunks.len()];
    let mut chunks = chunks.into_iter().enumerate();
    let mut running = FuturesUnordered::new();
    loop {
        while running.len() < limit.get() {
            let Some((place, chunk)) = chunks.next() else { break };
            let work = work.clone();
            running
                .push(async move { (place, spawn_blocking(move || work(&chunk)).await.unwrap()) });
        }
        match running.next().await {
            Some((place, digest)) => digests[place] = digest,
            None => return digests,
        }
    }
}

pub async fn in_small_steps(data: &[u8], every: NonZeroUsize, mut step: impl FnMut(u8)) {
    let mut rest = data;
    std::future::poll_fn(move |cx| {
        let (now, later) = rest.split_at(every.get().min(rest.len()));
        now.iter().copied().for_each(&mut step);
        rest = later;
        if rest.is_empty() {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

struct Job<T> {
    done: JoinHandle<T>,
    flag: StopFlag,
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        if !self.done.is_finished() {
            self.flag.set();
        }
    }
}

pub async fn cancellable<T: Send + 'static>(job: impl FnOnce(StopFlag) -> T + Send + 'static) -> T {
    let flag = StopFlag::default();
    let its = flag.clone();
    let mut job = Job { done: spawn_blocking(move || job(its)), flag };
    match (&mut job.done).await {
        Ok(value) => value,
        Err(error) => resume_unwind(error.into_panic()),
    }
}
