//! A queue of wakers, polled by hand; whoever stands in front has a timer.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use tokio::sync::Semaphore;
use tokio::time::{Instant, Sleep, sleep_until};

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
}

#[derive(Default)]
struct State {
    went: VecDeque<Instant>,
    waiting: VecDeque<(u64, Waker)>,
    next: u64,
}

struct Acquire<'a> {
    rate: &'a RateLimiter,
    id: Option<u64>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Future for Acquire<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let mut state = this.rate.state.lock().unwrap();
        let id = match this.id {
            Some(id) => {
                if let Some(waiter) = state.waiting.iter_mut().find(|waiter| waiter.0 == id) {
                    waiter.1.clone_from(cx.waker());
                }
                id
            }
            None => {
                let id = state.next;
                state.next += 1;
                state.waiting.push_back((id, cx.waker().clone()));
                this.id = Some(id);
                id
            }
        };
        if state.waiting.front().map(|front| front.0) != Some(id) {
            return Poll::Pending;
        }
        if state.went.len() == this.rate.n {
            let free = state.went[0] + this.rate.per;
            if free > Instant::now() {
                let timer = this.timer.get_or_insert_with(|| Box::pin(sleep_until(free)));
                if timer.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
            }
            state.went.pop_front();
        }
        state.went.push_back(Instant::now());
        Poll::Ready(())
    }
}

impl Drop for Acquire<'_> {
    fn drop(&mut self) {
        let Some(id) = self.id else { return };
        let mut state = self.rate.state.lock().unwrap();
        state.waiting.retain(|waiter| waiter.0 != id);
        let next = state.waiting.front().map(|waiter| waiter.1.clone());
        drop(state);
        if let Some(next) = next {
            next.wake();
        }
    }
}

impl RateLimiter {
    pub fn new(n: NonZeroU32, per: Duration) -> Self {
        RateLimiter { n: n.get() as usize, per, state: Mutex::default() }
    }

    pub async fn acquire(&self) {
        Acquire { rate: self, id: None, timer: None }.await
    }
}
