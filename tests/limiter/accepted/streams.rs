//! A stream that keeps the order, and a queue of waiters of its own.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesOrdered;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

pub async fn bounded_gather<T: Send + 'static>(
    limit: Arc<Semaphore>,
    jobs: Vec<BoxFuture<'static, T>>,
) -> Vec<T> {
    let limited: FuturesOrdered<_> = jobs
        .into_iter()
        .map(|job| {
            let limit = &limit;
            async move {
                let permit = limit.acquire().await;
                let result = job.await;
                drop(permit);
                result
            }
        })
        .collect();
    limited.collect().await
}

pub struct RateLimiter {
    turn: Semaphore,
    went: Mutex<Vec<Instant>>,
    n: usize,
    per: Duration,
}

impl RateLimiter {
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        let n = n.get() as usize;
        RateLimiter { turn: Semaphore::new(1), went: Mutex::default(), n, per }
    }

    /// When the next one may go.
    fn free_at(&self) -> Instant {
        let now = Instant::now();
        let mut went = self.went.lock().unwrap();
        went.retain(|moment| *moment + self.per > now);
        match went.len() < self.n {
            true => now,
            false => went[0] + self.per,
        }
    }

    pub async fn acquire(&self) {
        let _turn = self.turn.acquire().await.expect("it is open");
        while self.free_at() > Instant::now() {
            sleep_until(self.free_at()).await;
        }
        self.went.lock().unwrap().push(Instant::now());
    }
}
