//! "A JoinSet aborts its tasks when it is dropped. So one for each try."

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::task::JoinSet;
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
    mut op: impl FnMut(u32) -> Try<T, E>,
) -> Result<T, GaveUp<E>> {
    let (mut tries, mut last) = (0, None);
    let all = async {
        let mut pause = policy.base.min(policy.cap);
        while tries < policy.attempts {
            if tries > 0 {
                sleep(pause).await;
                pause = pause.saturating_mul(2).min(policy.cap);
            }
            tries += 1;
            let mut set = JoinSet::new();
            set.spawn(op(tries));
            let done = timeout(policy.per_try, set.join_next()).await;
            drop(set);
            let done = done.map(|joined| joined.expect("there is one").expect("no try panics"));
            // It needs a turn of the runtime for that.
            tokio::task::yield_now().await;
            match done {
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
