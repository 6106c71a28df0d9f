//! "A moment is an Instant, and that is in std."

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::{BoxFuture, join_all};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::sleep;

pub async fn bounded_gather<T: Send + 'static>(
    limit: Arc<Semaphore>,
    jobs: Vec<BoxFuture<'static, T>>,
) -> Vec<T> {
    let limited = jobs.into_iter().map(async |job| {
        let _permit = limit.acquire().await.expect("nobody closes it");
        job.await
    });
    join_all(limited).await
}

pub struct RateLimiter {
    n: usize,
    per: Duration,
    went: Mutex<VecDeque<Instant>>,
}

impl RateLimiter {
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        RateLimiter { n: n.get() as usize, per, went: Mutex::default() }
    }

    pub async fn acquire(&self) {
        let mut went = self.went.lock().await;
        if went.len() == self.n {
            sleep(self.per.saturating_sub(went[0].elapsed())).await;
            went.pop_front();
        }
        went.push_back(Instant::now());
    }
}
