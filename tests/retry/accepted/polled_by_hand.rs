//! A future of its own: what it waits for is a state.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::{Sleep, sleep};

#[derive(Clone, Copy, Debug)]
pub struct Policy {
    pub attempts: u32,
    pub per_try: Duration,
    pub overall: Duration,
    pub base: Duration,
    pub cap: Duration,
}

pub trait Retryable {
    fn is_temporary(&self) -> bool;
}

pub type Try<T, E> = BoxFuture<'static, Result<T, E>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Fatal,
    Attempts,
    Overall,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GaveUp<E> {
    pub why: Why,
    pub tries: u32,
    pub last: Option<E>,
}

enum State<T, E> {
    Begin,
    Trying(Try<T, E>, Pin<Box<Sleep>>),
    Resting(Pin<Box<Sleep>>),
}

struct Retry<'a, T, E, Op> {
    policy: &'a Policy,
    op: Op,
    state: State<T, E>,
    tries: u32,
    doublings: u32,
    last: Option<E>,
}

impl<T, E: Retryable, Op: FnMut(u32) -> Try<T, E>> Retry<'_, T, E, Op> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, Why>> {
        loop {
            match &mut self.state {
                State::Begin if self.tries == self.policy.attempts => {
                    return Poll::Ready(Err(Why::Attempts));
                }
                State::Begin => {
                    self.tries += 1;
                    let limit = Box::pin(sleep(self.policy.per_try));
                    self.state = State::Trying((self.op)(self.tries), limit);
                }
                State::Trying(attempt, limit) => {
                    let answer = match attempt.as_mut().poll(cx) {
                        Poll::Ready(answer) => Some(answer),
                        Poll::Pending => match limit.as_mut().poll(cx) {
                            Poll::Ready(()) => None,
                            Poll::Pending => return Poll::Pending,
                        },
                    };
                    self.state = State::Begin;
                    match answer {
                        Some(Ok(value)) => return Poll::Ready(Ok(value)),
                        Some(Err(error)) => {
                            let fatal = !error.is_temporary();
                            self.last = Some(error);
                            if fatal {
                                return Poll::Ready(Err(Why::Fatal));
                            }
                        }
                        None => {}
                    }
                    if self.tries < self.policy.attempts {
                        let factor = 2u32.checked_pow(self.doublings).unwrap_or(u32::MAX);
                        let pause = self.policy.base.saturating_mul(factor);
                        self.doublings += 1;
                        self.state = State::Resting(Box::pin(sleep(pause.min(self.policy.cap))));
                    }
                }
                State::Resting(pause) => match pause.as_mut().poll(cx) {
                    Poll::Ready(()) => self.state = State::Begin,
                    Poll::Pending => return Poll::Pending,
                },
            }
        }
    }
}

pub async fn retry<T, E: Retryable>(
    policy: &Policy,
    op: impl FnMut(u32) -> Try<T, E>,
) -> Result<T, GaveUp<E>> {
    let mut end = Box::pin(sleep(policy.overall));
    let mut retry = Retry { policy, op, state: State::Begin, tries: 0, doublings: 0, last: None };
    let ended = poll_fn(|cx| match retry.poll(cx) {
        Poll::Ready(ended) => Poll::Ready(ended),
        Poll::Pending => end.as_mut().poll(cx).map(|()| Err(Why::Overall)),
    });
    match ended.await {
        Ok(value) => Ok(value),
        Err(why) => Err(GaveUp { why, tries: retry.tries, last: retry.last }),
    }
}
