//! "Each place has an interval, and a counter says whose turn it is."

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Interval, MissedTickBehavior, interval};

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
    places: Vec<Mutex<Interval>>,
    turn: AtomicUsize,
}

impl RateLimiter {
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        let place = |_| {
            let mut place = interval(per);
            place.set_missed_tick_behavior(MissedTickBehavior::Delay);
            Mutex::new(place)
        };
        RateLimiter { places: (0..n.get()).map(place).collect(), turn: AtomicUsize::new(0) }
    }

    pub async fn acquire(&self) {
        let turn = self.turn.fetch_add(1, SeqCst) % self.places.len();
        self.places[turn].lock().await.tick().await;
    }
}
