//! slot: one value, from whoever has it to whoever waits for it.
//!
//! You know this from asyncio:
//!
//!     fut = loop.create_future()
//!     loop.call_later(1, fut.set_result, "tea")
//!     drink = await fut
//!
//! In Rust the two sides get a handle each: a `Setter` that can be used once,
//! and a `Slot` to be awaited. Between them lies a little shared state: the
//! value, once it is there, and the waker of the task that waits for it.
//!
//! A waker is all that the waiting side leaves behind. So three questions are
//! the whole exercise. Which waker: a future may be polled by one task now and
//! by another one later. When to call it: on every way in which the wait can
//! end. And from where: the woken side may poll at once, inside `wake`, on this
//! thread or on another one. Whatever that poll needs must be free by then.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Two ends of one value. Both may change threads if the value may.
pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    todo!("make the shared state and give each end access to it")
}

/// Gives the value. Dropped without [`set`](Setter::set), it ends the wait
/// with [`Cancelled`], and wakes the task that polled the slot last.
pub struct Setter<T> {
    // TODO: what must it reach? (The PhantomData only stands for "uses T".)
    value: PhantomData<T>,
}

impl<T> Setter<T> {
    /// Hands the value over and, before it returns, wakes the task that polled
    /// the slot last. If the slot was dropped, the value comes back.
    pub fn set(self, value: T) -> Result<(), T> {
        let _ = value;
        todo!("store, then wake")
    }
}

/// Waits for the value: `Pending` until it is set. Keeps the waker of its
/// latest poll and no other; when the slot is dropped, that one goes with it.
#[must_use = "a future does nothing until it is awaited"]
pub struct Slot<T> {
    value: PhantomData<T>,
}

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let _ = cx;
        todo!("the value, or the end, or Pending; and for Pending, a waker left behind")
    }
}

/// The setter was dropped: no value will come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
