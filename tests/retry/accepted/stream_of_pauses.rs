//! The pauses are a stream: whoever asks for the next item waits as long as it says.

use std::pin::pin;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{Stream, StreamExt, unfold};
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

/// The numbers of the tries, each when it is time for it.
fn turns(policy: &Policy) -> impl Stream<Item = u32> {
    unfold((1, policy.base.min(policy.cap)), move |(number, pause)| async move {
        if number > policy.attempts {
            return None;
        }
        if number == 1 {
            return Some((1, (2, pause)));
        }
        sleep(pause).await;
        Some((number, (number + 1, pause.saturating_mul(2).min(policy.cap))))
    })
}

pub async fn retry<T, E: Retryable>(
    policy: &Policy,
    mut op: impl FnMut(u32) -> Try<T, E>,
) -> Result<T, GaveUp<E>> {
    let (mut tries, mut last) = (0, None);
    let mut turns = pin!(turns(policy));
    let all = async {
        while let Some(number) = turns.next().await {
            tries = number;
            match timeout(policy.per_try, op(number)).await {
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
