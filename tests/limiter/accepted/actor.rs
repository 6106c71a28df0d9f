//! One task lets them go, and knows who has given up.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use tokio::sync::{Semaphore, mpsc, oneshot};
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

type Waiting = oneshot::Sender<()>;

pub struct RateLimiter {
    n: usize,
    per: Duration,
    door: OnceLock<mpsc::UnboundedSender<Waiting>>,
}

impl RateLimiter {
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        RateLimiter { n: n.get() as usize, per, door: OnceLock::new() }
    }

    fn open(&self) -> mpsc::UnboundedSender<Waiting> {
        let (door, mut waiting) = mpsc::unbounded_channel::<Waiting>();
        let (n, per) = (self.n, self.per);
        tokio::spawn(async move {
            let mut went = VecDeque::new();
            while let Some(next) = waiting.recv().await {
                if went.len() == n {
                    sleep_until(went[0] + per).await;
                }
                if next.send(()).is_ok() {
                    went.push_back(Instant::now());
                    if went.len() > n {
                        went.pop_front();
                    }
                }
            }
        });
        door
    }

    pub async fn acquire(&self) {
        let (go, may_go) = oneshot::channel();
        self.door.get_or_init(|| self.open()).send(go).expect("somebody is at the door");
        may_go.await.expect("somebody is at the door");
    }
}
