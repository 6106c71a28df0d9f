//! "Each try has its limit, so there is a limit."

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::{sleep, timeout};

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
    let (mut pause, mut last) = (policy.base.min(policy.cap), None);
    for number in 1..=policy.attempts {
        if number > 1 {
            sleep(pause).await;
            pause = pause.saturating_mul(2).min(policy.cap);
        }
        match timeout(policy.per_try, op(number)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) if error.is_temporary() => last = Some(error),
            Ok(Err(error)) => {
                return Err(GaveUp { why: Why::Fatal, tries: number, last: Some(error) });
            }
            Err(_) => {}
        }
    }
    Err(GaveUp { why: Why::Attempts, tries: policy.attempts, last })
}
