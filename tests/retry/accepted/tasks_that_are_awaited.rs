//! A try is a task in a JoinSet, which is shut down before the next one begins.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

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

pub async fn retry<T: Send + 'static, E: Retryable + Send + 'static>(
    policy: &Policy,
    mut op: impl FnMut(u32) -> Try<T, E>,
) -> Result<T, GaveUp<E>> {
    let end = Instant::now() + policy.overall;
    let mut set = JoinSet::new();
    let (mut tries, mut last) = (0, None);
    let mut pause = policy.base.min(policy.cap);
    let why = loop {
        if tries == policy.attempts {
            break Why::Attempts;
        }
        if tries > 0 {
            if timeout_at(end, sleep(pause)).await.is_err() {
                break Why::Overall;
            }
            pause = pause.saturating_mul(2).min(policy.cap);
        }
        tries += 1;
        set.spawn(op(tries));
        let limit = end.min(Instant::now() + policy.per_try);
        match timeout_at(limit, set.join_next()).await {
            Ok(joined) => match joined.expect("there is one").expect("no try panics") {
                Ok(value) => return Ok(value),
                Err(error) => {
                    let fatal = !error.is_temporary();
                    last = Some(error);
                    if fatal {
                        break Why::Fatal;
                    }
                }
            },
            // Aborts it, and waits until it is gone. If this is dropped half-way, the set
            // is, and with it the task.
            Err(_) => set.shutdown().await,
        }
        if Instant::now() >= end {
            break Why::Overall;
        }
    };
    Err(GaveUp { why, tries, last })
}
