//! "In each turn one of three things happens. So each turn has a select."

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::sleep;

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
    let (mut tries, mut last) = (0, None);
    let mut pause = policy.base.min(policy.cap);
    let why = loop {
        if tries == policy.attempts {
            break Why::Attempts;
        }
        if tries > 0 {
            tokio::select! {
                () = sleep(pause) => pause = pause.saturating_mul(2).min(policy.cap),
                () = sleep(policy.overall) => break Why::Overall,
            }
        }
        tries += 1;
        tokio::select! {
            answer = op(tries) => match answer {
                Ok(value) => return Ok(value),
                Err(error) => {
                    let fatal = !error.is_temporary();
                    last = Some(error);
                    if fatal {
                        break Why::Fatal;
                    }
                }
            },
            () = sleep(policy.per_try) => {}
            () = sleep(policy.overall) => break Why::Overall,
        }
    };
    Err(GaveUp { why, tries, last })
}
