//! race_and_deadline: the first one wins, and the clock may be a runner.
//!
//! You know this from asyncio:
//!
//!     done, pending = await asyncio.wait([a, b], return_when=FIRST_COMPLETED)
//!     for task in pending:
//!         task.cancel()                   # easily forgotten
//!
//!     page = await asyncio.wait_for(fetch(url), timeout=3)
//!
//! In Rust to cancel a future is to drop it. So `race` has two duties: it hands
//! out what came first, and it drops the one that has lost. Not some time later,
//! when somebody drops the `Race`, but before the result is out: until then the
//! loser keeps its connection, its lock, its place in the queue.
//!
//! But until there is a winner, each of the two must be able to wake the task.
//!
//! Where do the two live? Either in boxes, as `Pin<Box<A>>`. Or in the struct
//! itself, with the macro `pin_project!` of the crate `pin-project-lite`: it
//! makes a method `project` that turns `Pin<&mut Race>` into a `Pin<&mut …>` for
//! each field marked `#[pin]`. What is pinned cannot be moved out of its place.
//! But a place of type `Option<…>` can be emptied: `Pin::set(None)`.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// What came first. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<L, R> {
    Left(L),
    Right(R),
}

/// The time was up. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

/// Waits for whichever of the two is ready first, and drops the other one.
///
/// Both may be of any type, and may borrow. Neither is polled before the future
/// that this returns is polled.
pub fn race<A: Future, B: Future>(a: A, b: B) -> Race<A, B> {
    let _ = (a, b);
    todo!("keep the two somewhere, unpolled")
}

/// The future that [`race`] returns. It may change threads if both of them may.
#[must_use = "a future does nothing until it is awaited"]
pub struct Race<A, B> {
    // TODO: the two runners. (The PhantomData only stands for "uses A and B".)
    runners: PhantomData<(A, B)>,
}

impl<A: Future, B: Future> Future for Race<A, B> {
    type Output = Either<A::Output, B::Output>;

    /// `Ready` in the poll in which one of the two is; if both are, `Left` wins.
    /// By then the loser is dropped, even if this future itself is kept for
    /// longer. Until then, either of them wakes the task that polled last.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let _ = cx;
        todo!("poll the runners, and clear the track when one of them is there")
    }
}

/// What `future` gives, if it gives it in time; else [`Elapsed`], as soon as
/// the time is up and whether or not `future` ever wakes anybody.
///
/// The time runs from the first poll, and it runs once. A result that comes at
/// the last instant is in time. When the wait is over, in whatever way, nothing
/// is left of it: not the future, not a timer, not a task.
pub async fn deadline<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    let _ = (limit, future);
    todo!("a clock, and a race")
}
