//! "Whoever takes a value says so, and then its emit is done."

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures::Stream;
use pin_project_lite::pin_project;

struct Slot<T> {
    value: Option<T>,
    taken: bool,
}

/// The body's end of the slot.
pub struct Yielder<T> {
    slot: Arc<Mutex<Slot<T>>>,
}

impl<T> Yielder<T> {
    /// Hands out a value: not when this is called, but when the result is awaited.
    pub fn emit(&mut self, value: T) -> Emit<'_, T> {
        Emit { yielder: self, value: Some(value) }
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
    /// None when it is in the slot, or beyond.
    value: Option<T>,
}

// Nothing in it points to itself, whatever T is: so it may move between two polls.
impl<T> Unpin for Emit<'_, T> {}

impl<T> Future for Emit<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let Emit { yielder, value } = self.get_mut();
        let mut slot = lock(&yielder.slot);
        // No waker is kept: whoever empties the slot is asked for more, and then
        // polls the body anyway. (Inside of something that polls only what was woken,
        // as `FuturesUnordered` does, this would wait for ever.)
        match value.take() {
            Some(new) if slot.value.is_some() => *value = Some(new),
            Some(new) => slot.value = Some(new),
            None if slot.taken => return Poll::Ready(()),
            None => {}
        }
        Poll::Pending
    }
}

pin_project! {
    /// A body and its slot, as a stream.
    pub struct AsyncGen<T, Fut> {
        slot: Arc<Mutex<Slot<T>>>,
        #[pin]
        body: Fut,
        // A future that was ready must not be polled again.
        ended: bool,
    }
}

/// A stream of the values that this body emits. Nothing of it runs before somebody
/// asks, and after each value it stands still until somebody asks again.
pub fn generator<T, F, Fut>(body: F) -> AsyncGen<T, Fut>
where
    F: FnOnce(Yielder<T>) -> Fut,
    Fut: Future<Output = ()>,
{
    let slot = Arc::new(Mutex::new(Slot { value: None, taken: false }));
    // This builds the body. It runs when it is polled.
    let body = body(Yielder { slot: slot.clone() });
    AsyncGen { slot, body, ended: false }
}

impl<T, Fut: Future<Output = ()>> Stream for AsyncGen<T, Fut> {
    type Item = T;

    /// Goes on with the body. A value in the slot is handed out by the same call, also
    /// one that the body left there when it ended. Then comes the end, for ever.
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.project();
        if *this.ended {
            return Poll::Ready(None);
        }
        *this.ended = this.body.poll(cx).is_ready();
        // The slot tells a yield from any other wait. If there is nothing in it, the
        // body waits for something that has our waker.
        let mut slot = lock(this.slot);
        match slot.value.take() {
            Some(value) => {
                slot.taken = true;
                Poll::Ready(Some(value))
            }
            None if *this.ended => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

/// Nothing of the user's runs while the slot is locked, so nobody panics there.
fn lock<T>(slot: &Mutex<Slot<T>>) -> MutexGuard<'_, Slot<T>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
