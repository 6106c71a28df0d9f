//! A task for each job, each with a permit of its own; a timer gives back a place.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

pub async fn bounded_gather<T: Send + 'static>(
    limit: Arc<Semaphore>,
    jobs: Vec<BoxFuture<'static, T>>,
) -> Vec<T> {
    let mut tasks = JoinSet::new();
    for (number, job) in jobs.into_iter().enumerate() {
        let limit = limit.clone();
        tasks.spawn(async move {
            let _permit = limit.acquire_owned().await.expect("it is open");
            (number, job.await)
        });
    }
    let mut results: Vec<Option<T>> = (0..tasks.len()).map(|_| None).collect();
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok((number, result)) => results[number] = Some(result),
            Err(error) => {
                tasks.shutdown().await;
                std::panic::resume_unwind(error.into_panic());
            }
        }
    }
    results.into_iter().map(|result| result.expect("all are done")).collect()
}

pub struct RateLimiter {
    places: Arc<Semaphore>,
    per: Duration,
}

impl RateLimiter {
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        RateLimiter { places: Arc::new(Semaphore::new(n.get() as usize)), per }
    }

    pub async fn acquire(&self) {
        let place = self.places.clone().acquire_owned().await.expect("it is open");
        let back = sleep(self.per);
        tokio::spawn(async move {
            back.await;
            drop(place);
        });
    }
}
