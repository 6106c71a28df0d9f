//! "Every millisecond each job asks whether there is a permit."

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
    let limited = jobs.into_iter().map(async |job| {
        let _permit = loop {
            match limit.try_acquire() {
                Ok(permit) => break permit,
                Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        };
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
            sleep_until(went[0] + self.per).await;
            went.pop_front();
        }
        went.push_back(Instant::now());
    }
}
