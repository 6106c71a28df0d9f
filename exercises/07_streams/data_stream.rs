//! data_stream: an async iterator, written by hand.
//!
//! You know this from asyncio:
//!
//!     async def __anext__(self):
//!         if not self.items:
//!             raise StopAsyncIteration
//!         await asyncio.sleep(self.every)
//!         return self.items.pop(0)
//!
//! In Rust `__anext__` is called `poll_next`, and it cannot await. Whoever wants
//! an item calls it, again and again, and each call answers at once: an item
//! (`Ready(Some(item))`), the end (`Ready(None)`), or not yet (`Pending`).
//!
//! Python keeps a wait that has begun in the suspended coroutine. Here nothing
//! is suspended: what must last from one call to the next belongs in the struct.
//! Write the stream, then `process`, which is the `async for` around it.

use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use kit::Log;

/// Hands out its items one by one; each is ready `every` after it was asked for.
///
/// The items are moved out, so `T` need not be `Clone`.
pub struct DataStream<T> {
    items: std::vec::IntoIter<T>,
    every: Duration,
    // TODO: what has to be remembered while an item is on its way?
}

/// No item is pinned while it lies in the stream, so the stream may move. That
/// is what allows `self.get_mut()` below. Take it out if you project pins.
impl<T> Unpin for DataStream<T> {}

impl<T> DataStream<T> {
    /// A stream of these items. Starts nothing: no wait begins before the first
    /// item is asked for.
    pub fn new(items: Vec<T>, every: Duration) -> Self {
        DataStream { items: items.into_iter(), every }
    }
}

impl<T> Stream for DataStream<T> {
    type Item = T;

    /// Asks for the next item.
    ///
    /// The first call for an item begins its wait; calls that come too early
    /// change nothing. Behind the last item the answer is `None`: at once, and
    /// however often it is called.
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let _ = (&self.items, self.every, cx);
        todo!("an item, the end, or not yet")
    }

    /// Exactly how many items are still to come: (at least, at most).
    fn size_hint(&self) -> (usize, Option<usize>) {
        todo!("count what is left")
    }
}

/// Takes whatever stream it is given and handles one item after the other:
/// logs `processing {item}`, works on it for 0.2 s, and only then asks for the
/// next. Logs `done` when the stream has ended.
pub async fn process<T: Display>(s: impl Stream<Item = T>, log: &Log) {
    let _ = (s, log);
    todo!("async for item in s")
}
