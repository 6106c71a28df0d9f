//! Waits for a permit, then starts a task with it; intervals that are delayed, used in turn.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval};

pub async fn bounded_gather<T: Send + 'static>(
    limit: Arc<Semaphore>,
    jobs: Vec<BoxFuture<'static, T>>,
) -> Vec<T> {
    let mut tasks = JoinSet::new();
    let count = jobs.len();
    for (number, job) in jobs.into_iter().enumerate() {
        let permit = limit.clone().acquire_owned().await.expect("it is open");
        tasks.spawn(async move {
            let result = job.await;
            drop(permit);
            (number, result)
        });
    }
    let mut results = Vec::with_capacity(count);
    while let Some(ended) = tasks.join_next().await {
        results.push(ended.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic())));
    }
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

pub struct RateLimiter {
    places: Mutex<VecDeque<Interval>>,
}

impl RateLimiter {
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        let place = |_| {
            let mut place = interval(per);
            place.set_missed_tick_behavior(MissedTickBehavior::Delay);
            place
        };
        RateLimiter { places: Mutex::new((0..n.get()).map(place).collect()) }
    }

    pub async fn acquire(&self) {
        let mut places = self.places.lock().await;
        places[0].tick().await;
        places.rotate_left(1);
    }
}
