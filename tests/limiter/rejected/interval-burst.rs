//! "An interval for each place; a tick is a place."

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Interval, interval};

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
    places: Mutex<VecDeque<Interval>>,
}

impl RateLimiter {
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        RateLimiter { places: Mutex::new((0..n.get()).map(|_| interval(per)).collect()) }
    }

    pub async fn acquire(&self) {
        let mut places = self.places.lock().await;
        places[0].tick().await;
        places.rotate_left(1);
    }
}
