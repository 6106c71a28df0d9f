//! retry: try again, but not for ever.
//!
//! You know this from asyncio:
//!
//!     async with asyncio.timeout(overall):            # all tries, and the pauses
//!         for n in range(1, attempts + 1):
//!             try:
//!                 return await asyncio.wait_for(op(n), per_try)     # one try
//!             except (TimeoutError, Busy):
//!                 await asyncio.sleep(pause)          # longer each time
//!
//! There are two limits, around two different things. `wait_for` cancels the try
//! that takes too long, and waits until it has ended. Only then comes the next one.
//! In Rust a try that is dropped has ended. A try that is a task has not.
//!
//! One of these pauses is in vain. Which one? And what becomes of a number that is
//! doubled again and again, in a language whose integers have an end?
//!
//! Why does `op` give a boxed future, and not what an async closure gives
//! (`impl AsyncFnMut`)? Such a closure lends out what it holds, and the compiler
//! cannot yet tell for every caller that the whole is Send. You could not always
//! spawn a retry: see `async-closure-not-send`. A boxed future owns what it needs.

use std::time::Duration;

use futures::future::BoxFuture;

/// How often, how long, and with what pauses. Leave this one as it is.
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

/// An error that knows whether another try makes sense. Leave this one as it is.
pub trait Retryable {
    /// True: it may pass, so try again. False: it is fatal, and would come each time.
    fn is_temporary(&self) -> bool;
}

/// One try. Leave this one as it is.
pub type Try<T, E> = BoxFuture<'static, Result<T, E>>;

/// Why there is no result. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A try has given an error that is fatal. Also if it was the last one allowed.
    Fatal,
    /// There were as many tries as there may be. So it is at once if there may be none.
    Attempts,
    /// As much time as `overall` has gone by.
    Overall,
}

/// All that is known when there is no result. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GaveUp<E> {
    pub why: Why,
    /// How many tries have begun.
    pub tries: u32,
    /// The latest error that a try has given. A try that was cut off gives none: then
    /// the error before it stays. None if there was no error at all.
    pub last: Option<E>,
}

/// Tries until one try works, and gives its result.
///
/// A try begins when `op` is called with its number: 1, 2, 3 and so on. It ends when
/// it works or gives an error, or when it has taken as long as `per_try`. Then it is
/// cut off. That is a failure like an error that is temporary: another try may follow.
///
/// - After a fatal error there is no other try. It gives up at once.
/// - Between one try and the next there is a pause. The first pause is `base`, each
///   further one twice as long as the one before, but none is longer than `cap`. So
///   it goes on, however many tries there are. After the last one there is no pause.
/// - `overall` limits it all, from the first poll on. When it is up, this gives up at
///   that moment, not sooner and not later, be it in the middle of a try or of a pause.
///
/// There is one try at a time. One that has ended or was cut off is gone, which means
/// dropped, before the pause begins, and before this returns. In the pause it sleeps.
/// Whoever drops this half-way drops the try, and nothing is left of it.
///
/// It is Send if `op` and the results are, so it can be spawned.
pub async fn retry<T, E: Retryable>(
    policy: &Policy,
    op: impl FnMut(u32) -> Try<T, E>,
) -> Result<T, GaveUp<E>> {
    let _ = (policy, op);
    todo!("a loop of tries, and two limits")
}
