//! Handles are polled by a future of its own; so are their errors.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::task::{JoinHandle, spawn_blocking, yield_now};

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
    let mut left = chunks.into_iter().enumerate();
    let mut running: Vec<(usize, JoinHandle<u64>)> = Vec::new();
    std::future::poll_fn(move |cx| {
        loop {
            while running.len() < limit.get() {
                let Some((place, chunk)) = left.next() else { break };
                let work = work.clone();
                running.push((place, spawn_blocking(move || work(&chunk))));
            }
            if running.is_empty() {
                return Poll::Ready(std::mem::take(&mut digests));
            }
            let before = running.len();
            running.retain_mut(|(place, handle)| match Pin::new(handle).poll(cx) {
                Poll::Ready(digest) => {
                    digests[*place] = digest.unwrap();
                    false
                }
                Poll::Pending => true,
            });
            if running.len() == before {
                return Poll::Pending;
            }
        }
    })
    .await
}

pub async fn in_small_steps(data: &[u8], every: NonZeroUsize, mut step: impl FnMut(u8)) {
    for piece in data.chunks(every.get()) {
        piece.iter().copied().for_each(&mut step);
        yield_now().await;
    }
}

struct Job<T> {
    handle: JoinHandle<T>,
    flag: StopFlag,
}

impl<T> Future for Job<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        Pin::new(&mut self.handle).poll(cx).map(|value| value.unwrap())
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.flag.set();
    }
}

pub async fn cancellable<T: Send + 'static>(job: impl FnOnce(StopFlag) -> T + Send + 'static) -> T {
    let flag = StopFlag::default();
    let its = flag.clone();
    Job { handle: spawn_blocking(move || job(its)), flag }.await
}
