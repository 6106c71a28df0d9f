//! "I enter the moment when I shall go, and sleep until then."

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

    /// The moment when one more may go, entered at once.
    fn book(&self) -> Instant {
        let mut went = self.went.lock().unwrap();
        let mut moment = Instant::now();
        if went.len() == self.n {
            moment = moment.max(went.pop_front().expect("n is more than none") + self.per);
        }
        went.push_back(moment);
        moment
    }

    pub async fn acquire(&self) {
        let moment = self.book();
        sleep_until(moment).await;
    }
}
