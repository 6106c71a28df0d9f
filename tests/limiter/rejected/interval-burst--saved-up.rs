//! "What was not used comes on top of what there is."

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
        let _permit = limit.acquire().await.expect("nobody closes it");
        job.await
    });
    join_all(limited).await
}

pub struct RateLimiter {
    n: u32,
    per: Duration,
    left: Mutex<(u32, Option<Instant>)>,
}

impl RateLimiter {
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        RateLimiter { n: n.get(), per, left: Mutex::new((n.get(), None)) }
    }

    pub async fn acquire(&self) {
        let mut left = self.left.lock().await;
        loop {
            let since = *left.1.get_or_insert_with(Instant::now);
            let periods = (since.elapsed().as_millis() / self.per.as_millis()) as u32;
            left.0 += periods * self.n;
            left.1 = Some(since + periods * self.per);
            if left.0 > 0 {
                left.0 -= 1;
                return;
            }
            sleep_until(since + (periods + 1) * self.per).await;
        }
    }
}
