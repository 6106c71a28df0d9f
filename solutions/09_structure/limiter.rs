//! limiter: the reference answer.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, sleep_until};

/// Runs the jobs, and gives back what came of them, in the order of the jobs.
pub async fn bounded_gather<T: Send + 'static>(
    limit: Arc<Semaphore>,
    jobs: Vec<BoxFuture<'static, T>>,
) -> Vec<T> {
    let limited = jobs.into_iter().map(async |job| {
        // The name matters: `_` alone would bind nothing, and the permit would be
        // back on this very line. It lives to the end of the block, on every way
        // out: a value, a panic, a drop.
        let _permit = limit.acquire().await.expect("nobody closes it");
        job.await
    });
    // All of them wait at once, but a semaphore lets in who came first.
    join_all(limited).await
}

/// Lets `n` through in any span of `per`, and no more, wherever the span begins.
pub struct RateLimiter {
    n: usize,
    per: Duration,
    /// When the last `n` went, the oldest first.
    went: Mutex<VecDeque<Instant>>,
}

impl RateLimiter {
    /// Nobody has gone yet: the first `n` need not wait.
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        RateLimiter { n: n.get() as usize, per, went: Mutex::default() }
    }

    /// Waits until one more may go.
    pub async fn acquire(&self) {
        // Who is next holds the lock while it waits. tokio's lock has a fair queue,
        // so the others stand behind it in their order. And it is given back by
        // Drop: if the one in front gives up, the next one moves up.
        let mut went = self.went.lock().await;
        if went.len() == self.n {
            sleep_until(went[0] + self.per).await;
            went.pop_front();
        }
        // Entered at the end, when nothing can be awaited any more: who has given up
        // before has not gone.
        went.push_back(Instant::now());
    }
}
