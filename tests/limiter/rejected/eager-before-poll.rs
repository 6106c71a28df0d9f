//! "The place is taken when acquire is called, the rest can wait."

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

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

    #[allow(clippy::manual_async_fn)]
    pub fn acquire(&self) -> impl Future<Output = ()> {
        let now = Instant::now();
        let mut went = self.went.lock().unwrap();
        let full = went.len() == self.n;
        let moment = if full { (went.pop_front().unwrap() + self.per).max(now) } else { now };
        went.push_back(moment);
        async move { sleep_until(moment).await }
    }
}
