//! One `select!` in a loop. What goes on from turn to turn is built before it.

use std::pin::pin;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::{Instant, sleep};

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
    let mut end = pin!(sleep(policy.overall));
    // The limit of the try, or the end of the pause.
    let mut timer = pin!(sleep(policy.per_try));
    let (mut tries, mut last) = (0, None);
    let mut pause = policy.base.min(policy.cap);
    let mut current = None;
    if policy.attempts > 0 {
        tries = 1;
        current = Some(op(1));
    }
    let why = loop {
        let Some(attempt) = current.as_mut() else {
            if tries >= policy.attempts {
                break Why::Attempts;
            }
            timer.as_mut().reset(Instant::now() + pause);
            tokio::select! {
                biased;
                () = &mut end => break Why::Overall,
                () = &mut timer => {}
            }
            pause = pause.saturating_add(pause).min(policy.cap);
            tries += 1;
            timer.as_mut().reset(Instant::now() + policy.per_try);
            current = Some(op(tries));
            continue;
        };
        tokio::select! {
            answer = attempt => match answer {
                Ok(value) => return Ok(value),
                Err(error) => {
                    let temporary = error.is_temporary();
                    last = Some(error);
                    current = None;
                    if !temporary {
                        break Why::Fatal;
                    }
                }
            },
            () = &mut timer => current = None,
            () = &mut end => break Why::Overall,
        }
    };
    drop(current);
    Err(GaveUp { why, tries, last })
}
