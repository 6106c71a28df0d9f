//! "A pause is a pause."

use std::thread::sleep;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::timeout;

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
    let all = async {
        let mut pause = policy.base.min(policy.cap);
        while tries < policy.attempts {
            if tries > 0 {
                sleep(pause);
                pause = pause.saturating_mul(2).min(policy.cap);
            }
            tries += 1;
            match timeout(policy.per_try, op(tries)).await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(error)) => {
                    let fatal = !error.is_temporary();
                    last = Some(error);
                    if fatal {
                        return Err(Why::Fatal);
                    }
                }
                Err(_) => {}
            }
        }
        Err(Why::Attempts)
    };
    let why = match timeout(policy.overall, all).await {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(why)) => why,
        Err(_) => Why::Overall,
    };
    Err(GaveUp { why, tries, last })
}
