//! "When a ticket is dropped, it is the turn of the next one."

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use tokio::sync::{Notify, Semaphore};
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
    state: Mutex<State>,
    moved: Notify,
}

#[derive(Default)]
struct State {
    went: VecDeque<Instant>,
    next_ticket: u64,
    serving: u64,
}

struct Ticket<'a>(&'a RateLimiter, u64);

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state.lock().unwrap();
        if state.serving == self.1 {
            state.serving += 1;
            self.0.moved.notify_waiters();
        }
    }
}

impl RateLimiter {
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        RateLimiter { n: n.get() as usize, per, state: Mutex::default(), moved: Notify::new() }
    }

    pub async fn acquire(&self) {
        let ticket = {
            let mut state = self.state.lock().unwrap();
            state.next_ticket += 1;
            Ticket(self, state.next_ticket - 1)
        };
        loop {
            let moved = self.moved.notified();
            if self.state.lock().unwrap().serving == ticket.1 {
                break;
            }
            moved.await;
        }
        let free = {
            let state = self.state.lock().unwrap();
            (state.went.len() == self.n).then(|| state.went[0] + self.per)
        };
        if let Some(free) = free {
            sleep_until(free).await;
        }
        let mut state = self.state.lock().unwrap();
        if state.went.len() == self.n {
            state.went.pop_front();
        }
        state.went.push_back(Instant::now());
    }
}
