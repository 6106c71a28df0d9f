//! No loop: each try awaits the pause and the tries that come after it.

use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
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

struct Rest<'a, E> {
    policy: &'a Policy,
    tries: &'a mut u32,
    last: &'a mut Option<E>,
}

fn from_here<'a, T: Send + 'a, E: Retryable + Send>(
    rest: Rest<'a, E>,
    op: &'a mut (dyn FnMut(u32) -> Try<T, E> + Send),
    pause: Duration,
) -> BoxFuture<'a, Result<T, Why>> {
    async move {
        if *rest.tries == rest.policy.attempts {
            return Err(Why::Attempts);
        }
        if *rest.tries > 0 {
            sleep(pause).await;
        }
        *rest.tries += 1;
        if let Ok(answer) = timeout(rest.policy.per_try, op(*rest.tries)).await {
            match answer {
                Ok(value) => return Ok(value),
                Err(error) => {
                    let temporary = error.is_temporary();
                    *rest.last = Some(error);
                    if !temporary {
                        return Err(Why::Fatal);
                    }
                }
            }
        }
        let longer = if *rest.tries > 1 { pause.saturating_mul(2) } else { pause };
        let cap = rest.policy.cap;
        from_here(rest, op, longer.min(cap)).await
    }
    .boxed()
}

pub async fn retry<T: Send, E: Retryable + Send>(
    policy: &Policy,
    mut op: impl FnMut(u32) -> Try<T, E> + Send,
) -> Result<T, GaveUp<E>> {
    let (mut tries, mut last) = (0, None);
    let rest = Rest { policy, tries: &mut tries, last: &mut last };
    let all = from_here(rest, &mut op, policy.base.min(policy.cap));
    let why = match timeout(policy.overall, all).await {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(why)) => why,
        Err(_) => Why::Overall,
    };
    Err(GaveUp { why, tries, last })
}
