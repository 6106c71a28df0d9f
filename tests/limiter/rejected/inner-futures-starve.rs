//! "When I have a permit, the job goes to the others, and I wait for the next permit."

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesOrdered;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, sleep_until};

pub async fn bounded_gather<T: Send + 'static>(
    limit: Arc<Semaphore>,
    jobs: Vec<BoxFuture<'static, T>>,
) -> Vec<T> {
    let mut running = FuturesOrdered::new();
    for job in jobs {
        let permit = limit.clone().acquire_owned().await.expect("nobody closes it");
        running.push_back(async move {
            let _permit = permit;
            job.await
        });
    }
    running.collect().await
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
