//! retry: the reference answer.
//!
//! Two time limits, each around what it limits: one around a single try, inside the
//! loop, and one around the loop with its pauses. What the outer one must not throw
//! away when it drops the loop, stands outside of it.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::{sleep, timeout};

/// How often, how long, and with what pauses.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// So many tries at most. With 0 there is none.
    pub attempts: u32,
    /// How long one try may take.
    pub per_try: Duration,
    /// How long everything may take: all tries, and the pauses between them.
    pub overall: Duration,
    /// The pause after the first try.
    pub base: Duration,
    /// No pause is longer than this, not even the first one.
    pub cap: Duration,
}

/// An error that knows whether another try makes sense.
pub trait Retryable {
    /// True: it may pass, so try again. False: it is fatal, and would come each time.
    fn is_temporary(&self) -> bool;
}

/// One try.
pub type Try<T, E> = BoxFuture<'static, Result<T, E>>;

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A try has given an error that is fatal. Also if it was the last one allowed.
    Fatal,
    /// There were as many tries as there may be. So it is at once if there may be none.
    Attempts,
    /// As much time as `overall` has gone by.
    Overall,
}

/// All that is known when there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GaveUp<E> {
    pub why: Why,
    /// How many tries have begun.
    pub tries: u32,
    /// The latest error that a try has given.
    pub last: Option<E>,
}

/// Tries until one try works, and gives its result.
pub async fn retry<T, E: Retryable>(
    policy: &Policy,
    mut op: impl FnMut(u32) -> Try<T, E>,
) -> Result<T, GaveUp<E>> {
    // Out here, and not in the loop: the overall limit drops the loop wherever it
    // stands, with all its variables. What is known by then goes into the report.
    let (mut tries, mut last) = (0, None);
    let all_tries = async {
        let mut pause = policy.base.min(policy.cap);
        while tries < policy.attempts {
            // Before every try but the first. So there is none after the last one.
            if tries > 0 {
                sleep(pause).await;
                // At the end of its range it stays there, and the cap is lower anyway.
                pause = pause.saturating_mul(2).min(policy.cap);
            }
            tries += 1;
            // The future of the try is given away to `timeout`, which is gone at the
            // end of this await, in whatever way that ends. A task would go on.
            match timeout(policy.per_try, op(tries)).await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(error)) => {
                    let fatal = !error.is_temporary();
                    last = Some(error);
                    if fatal {
                        return Err(Why::Fatal);
                    }
                }
                // Cut off. It has given no error, so the one before it stays.
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
