//! "A try gets what is left of the time. A pause is no work."

use std::time::Duration;

use futures::future::BoxFuture;
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

pub async fn retry<T, E: Retryable>(
    policy: &Policy,
    mut op: impl FnMut(u32) -> Try<T, E>,
) -> Result<T, GaveUp<E>> {
    let end = Instant::now() + policy.overall;
    let (mut tries, mut last) = (0, None);
    let mut pause = policy.base.min(policy.cap);
    let why = loop {
        if tries == policy.attempts {
            break Why::Attempts;
        }
        if tries > 0 {
            sleep(pause).await;
            pause = pause.saturating_mul(2).min(policy.cap);
        }
        tries += 1;
        let limit = end.min(Instant::now() + policy.per_try);
        match timeout_at(limit, op(tries)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => {
                let fatal = !error.is_temporary();
                last = Some(error);
                if fatal {
                    break Why::Fatal;
                }
            }
            Err(_) if Instant::now() >= end => break Why::Overall,
            Err(_) => {}
        }
    };
    Err(GaveUp { why, tries, last })
}
