//! "A task does it all, and I wait for it as long as I may."

use std::sync::{Arc, Mutex};
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

pub async fn retry<T: Send + 'static, E: Retryable + Send + 'static>(
    policy: &Policy,
    mut op: impl FnMut(u32) -> Try<T, E> + Send + 'static,
) -> Result<T, GaveUp<E>> {
    let policy = *policy;
    let report = Arc::new(Mutex::new((0, None)));
    let shared = report.clone();
    let whole = tokio::spawn(async move {
        let mut pause = policy.base.min(policy.cap);
        for number in 1..=policy.attempts {
            if number > 1 {
                sleep(pause).await;
                pause = pause.saturating_mul(2).min(policy.cap);
            }
            shared.lock().expect("nobody panics").0 = number;
            match timeout(policy.per_try, op(number)).await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(error)) => {
                    let fatal = !error.is_temporary();
                    shared.lock().expect("nobody panics").1 = Some(error);
                    if fatal {
                        return Err(Why::Fatal);
                    }
                }
                Err(_) => {}
            }
        }
        Err(Why::Attempts)
    });
    let why = match timeout(policy.overall, whole).await {
        Ok(joined) => match joined.expect("no try panics") {
            Ok(value) => return Ok(value),
            Err(why) => why,
        },
        Err(_) => Why::Overall,
    };
    let (tries, last) = std::mem::take(&mut *report.lock().expect("nobody panics"));
    Err(GaveUp { why, tries, last })
}
