//! "As many as I get permits for, and then the next group."

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, sleep_until};

pub async fn bounded_gather<T: Send + 'static>(
    limit: Arc<Semaphore>,
    jobs: Vec<BoxFuture<'static, T>>,
) -> Vec<T> {
    let mut results = Vec::new();
    let mut jobs = jobs.into_iter().peekable();
    while jobs.peek().is_some() {
        let mut group = vec![limit.acquire().await.expect("it is open")];
        while let Ok(permit) = limit.try_acquire() {
            group.push(permit);
        }
        let at_once: Vec<_> = jobs.by_ref().take(group.len()).collect();
        results.extend(join_all(at_once).await);
    }
    results
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
            sleep_until(went[0] + self.per).await;
            went.pop_front();
        }
        went.push_back(Instant::now());
    }
}
