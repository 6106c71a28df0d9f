//! "A RefCell is enough: there is one thread."

use std::cell::RefCell;
use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;
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
    turn: Semaphore,
    went: RefCell<VecDeque<Instant>>,
}

impl RateLimiter {
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        let turn = Semaphore::new(1);
        RateLimiter { n: n.get() as usize, per, turn, went: RefCell::default() }
    }

    pub async fn acquire(&self) {
        let _turn = self.turn.acquire().await.expect("it is open");
        let full = self.went.borrow().len() == self.n;
        if full {
            let oldest = self.went.borrow()[0];
            sleep_until(oldest + self.per).await;
            self.went.borrow_mut().pop_front();
        }
        self.went.borrow_mut().push_back(Instant::now());
    }
}
