//! join2: wait for two futures at once.
//!
//! You know this from asyncio:
//!
//!     tea, toast = await asyncio.gather(make_tea(), make_toast())
//!
//! There `gather` makes a task of each coroutine, and the loop drives the tasks.
//! Here is no task and no loop, only a future that holds two others. When it is
//! polled, it polls them. When it is dropped, they are dropped.
//!
//! It waits for nothing itself, so it keeps no waker: each side gets the `cx` of
//! this very poll and does the rest. But a wake says only "somebody can go on".
//! It does not say who. And one side may be done long before the other: its
//! future is over then, and its value must lie somewhere until both are there.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Waits for `a` and `b` at once and gives both values, in this order.
///
/// The call polls nothing. Neither the two futures nor their values need be
/// `Unpin`, `Send`, `Clone` or `'static`.
pub fn join2<A: Future, B: Future>(a: A, b: B) -> Join2<A, B> {
    let _ = (a, b);
    todo!("keep both")
}

/// The future that [`join2`] returns. It owns both sides: what is in it is
/// dropped with it, a side that still waits and a value that waits for the other.
#[must_use = "a future does nothing until it is awaited"]
pub struct Join2<A: Future, B: Future> {
    // TODO: a place for each side, and for its value.
    // (The PhantomData only stands for "uses A and B".)
    sides: PhantomData<(A, B)>,
}

impl<A: Future, B: Future> Future for Join2<A, B> {
    type Output = (A::Output, B::Output);

    /// Asks every side that is not done yet, and none that is. `Ready` in the
    /// very poll in which the last of them is.
    ///
    /// After `Pending`, a side that can go on wakes the task that polled last, and
    /// no other. Nobody is polled over and over in the meantime.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let _ = cx;
        todo!("ask the sides; both values, or Pending")
    }
}
