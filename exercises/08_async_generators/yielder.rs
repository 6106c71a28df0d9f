//! yielder: what `yield` does, written by yourself.
//!
//! You know this from asyncio:
//!
//!     async def pages():
//!         yield 1
//!         await asyncio.sleep(1)
//!         yield 2
//!
//! Rust's async blocks can stop and go on: they do it at every `.await`. So `yield`
//! can be a future. It leaves its value in a slot and is pending, and with it the
//! whole body stands still. The stream around the body takes the value out of the
//! slot. When it is asked for the next one it polls the body, which goes on from there.
//!
//!     generator(|mut y| async move {
//!         y.emit(1).await;
//!         sleep(SECOND).await;
//!         y.emit(2).await;
//!     })
//!
//! The body can be pending for two reasons, then. To tell them apart is the exercise.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures::Stream;
use pin_project_lite::pin_project;

/// The body's end of the slot.
pub struct Yielder<T> {
    slot: Arc<Mutex<Option<T>>>,
}

impl<T> Yielder<T> {
    /// Hands out a value: not when this is called, but when the result is awaited.
    pub fn emit(&mut self, value: T) -> Emit<'_, T> {
        let _ = (&self.slot, value);
        todo!("a future that knows the value and the slot")
    }
}

/// A value on its way.
///
/// Its first poll puts the value into the slot; if there is still another one in it,
/// a later poll does. It is ready when it is polled and its value has been taken out
/// again. A value that was once in the slot is handed out, also if this is dropped.
#[must_use = "a value is handed out when this is awaited, and not before"]
pub struct Emit<'y, T> {
    yielder: &'y mut Yielder<T>,
    // TODO: the value. And how do you know that it is in the slot already?
}

// Nothing in it points to itself, whatever T is: so it may move between two polls.
impl<T> Unpin for Emit<'_, T> {}

impl<T> Future for Emit<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let _ = &self.yielder;
        todo!("put it, or wait, or be done")
    }
}

pin_project! {
    /// A body and its slot, as a stream.
    pub struct AsyncGen<T, Fut> {
        slot: Arc<Mutex<Option<T>>>,
        #[pin]
        body: Fut,
        // TODO: what has to last from call to call?
    }
}

/// A stream of the values that this body emits. Nothing of it runs before somebody
/// asks, and after each value it stands still until somebody asks again.
pub fn generator<T, F, Fut>(body: F) -> AsyncGen<T, Fut>
where
    F: FnOnce(Yielder<T>) -> Fut,
    Fut: Future<Output = ()>,
{
    let _ = body;
    todo!("a slot that both have, and the body with its end of it")
}

impl<T, Fut: Future<Output = ()>> Stream for AsyncGen<T, Fut> {
    type Item = T;

    /// Goes on with the body. A value in the slot is handed out by the same call, also
    /// one that the body left there when it ended. Then comes the end, for ever.
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.project();
        let _ = (this.slot, this.body, cx);
        todo!("a value, the end, or Pending")
    }
}
