//! The pauses are floats, which end at the cap however often they are doubled.

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
    let (mut tries, mut last) = (0, None);
    let all_tries = async {
        let mut pause = policy.base.as_secs_f64();
        while tries < policy.attempts {
            if tries > 0 {
                sleep(Duration::from_secs_f64(pause.min(policy.cap.as_secs_f64()))).await;
                pause *= 2.0;
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
                Err(_elapsed) => {}
            }
        }
        Err(Why::Attempts)
    };
    let why = match timeout(policy.overall, all_tries).await {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(why)) => why,
        Err(_elapsed) => Why::Overall,
    };
    Err(GaveUp { why, tries, last })
}
