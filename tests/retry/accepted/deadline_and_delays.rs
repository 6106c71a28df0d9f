//! The delays are an iterator, and each await has a deadline: the earlier of two.

use std::iter::{once, successors};
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
    let mut report = GaveUp { why: Why::Attempts, tries: 0, last: None };
    let first = policy.base.min(policy.cap);
    let growing = successors(Some(first), |d| Some(d.checked_mul(2)?.min(policy.cap)));
    let pauses = once(Duration::ZERO).chain(growing);
    for (number, pause) in (1..=policy.attempts).zip(pauses) {
        if number > 1 && timeout_at(end, sleep(pause)).await.is_err() {
            report.why = Why::Overall;
            break;
        }
        report.tries = number;
        let limit = end.min(Instant::now() + policy.per_try);
        match timeout_at(limit, op(number)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => {
                let fatal = !error.is_temporary();
                report.last = Some(error);
                if fatal {
                    report.why = Why::Fatal;
                    break;
                }
            }
            Err(_) if Instant::now() >= end => {
                report.why = Why::Overall;
                break;
            }
            Err(_) => {}
        }
    }
    Err(report)
}
