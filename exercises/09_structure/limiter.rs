//! limiter: so many at once, and so many in a second.
//!
//! You know this from asyncio:
//!
//!     limit = asyncio.Semaphore(3)      # three at once
//!     async with limit:
//!         return await job
//!
//!     rate = AsyncLimiter(10, 1)        # from aiolimiter: ten in a second
//!     async with rate:
//!         return await call()
//!
//! These are two limits. The first counts who is inside: there is room again when
//! somebody leaves. The second counts who has come in: there is room again when
//! time has gone by, whoever has left.
//!
//! aiolimiter has a bucket that leaks: ten go at once, and then one in each tenth of a
//! second. So nearly twenty go in the first second. Here it is ten in any second, and
//! no more.
//!
//! In Python the end of the block gives back what was taken. In Rust there is a
//! value that gives itself back when it is dropped. So ask where that value lives:
//! from which line, to which line, and what becomes of it if the future is dropped
//! in between.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::Semaphore;

/// Runs the jobs, and gives back what came of them, in the order of the jobs.
///
/// A job has one permit of `limit` to itself, from before its first poll until it
/// is done, and no longer. Others use the same semaphore, so how many jobs run at
/// once is not for you to count. The jobs begin in their order, each as soon as it
/// has got a permit. Nobody closes the semaphore.
///
/// If a job panics, so does this. Whoever drops this future ends all the jobs. All
/// permits are given back either way.
pub async fn bounded_gather<T: Send + 'static>(
    limit: Arc<Semaphore>,
    jobs: Vec<BoxFuture<'static, T>>,
) -> Vec<T> {
    let _ = (limit, jobs);
    todo!("a permit for each job")
}

/// Lets `n` through in any span of `per`, and no more, wherever the span begins.
///
/// Tasks may share it. When it is dropped, it leaves no task behind.
pub struct RateLimiter {
    n: NonZeroU32,
    per: Duration,
    // TODO: what must be known of those who went?
}

impl RateLimiter {
    /// Nobody has gone yet: the first `n` need not wait.
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        RateLimiter { n, per }
    }

    /// Waits until one more may go, and not a moment longer: until fewer than `n`
    /// have gone in the last `per`. Who went exactly `per` ago counts no more.
    ///
    /// Who was polled first goes first. Whoever is dropped while it waits has not
    /// gone and costs nothing: those behind it move up.
    pub async fn acquire(&self) {
        let _ = (self.n, self.per);
        todo!("not too early, not too late")
    }
}
