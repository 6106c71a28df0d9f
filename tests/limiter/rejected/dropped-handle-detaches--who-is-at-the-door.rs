//! "Somebody stands at the door, and lets them in one by one."

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use tokio::sync::{Notify, Semaphore, oneshot};
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
    door: Arc<Door>,
    opened: Once,
}

#[derive(Default)]
struct Door {
    waiting: Mutex<VecDeque<oneshot::Sender<()>>>,
    bell: Notify,
}

impl Door {
    async fn next(&self) -> oneshot::Sender<()> {
        loop {
            let next = self.waiting.lock().unwrap().pop_front();
            if let Some(next) = next {
                return next;
            }
            self.bell.notified().await;
        }
    }
}

impl RateLimiter {
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        RateLimiter { n: n.get() as usize, per, door: Arc::default(), opened: Once::new() }
    }

    fn open(&self) {
        let (door, n, per) = (self.door.clone(), self.n, self.per);
        tokio::spawn(async move {
            let mut went = VecDeque::new();
            loop {
                let next = door.next().await;
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
    }

    pub async fn acquire(&self) {
        self.opened.call_once(|| self.open());
        let (go, may_go) = oneshot::channel();
        self.door.waiting.lock().unwrap().push_back(go);
        self.door.bell.notify_one();
        may_go.await.expect("somebody is at the door");
    }
}
