//! "Tasks run from the moment when they are spawned."

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

pub fn bounded_gather<T: Send + 'static>(
    limit: Arc<Semaphore>,
    jobs: Vec<BoxFuture<'static, T>>,
) -> impl Future<Output = Vec<T>> {
    let mut tasks = JoinSet::new();
    for (number, job) in jobs.into_iter().enumerate() {
        let limit = limit.clone();
        tasks.spawn(async move {
            let _permit = limit.acquire().await.expect("nobody closes it");
            (number, job.await)
        });
    }
    async move {
        let mut results = tasks.join_all().await;
        results.sort_by_key(|(number, _)| *number);
        results.into_iter().map(|(_, result)| result).collect()
    }
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
