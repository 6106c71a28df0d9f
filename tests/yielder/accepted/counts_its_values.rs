//! Values are counted: an Emit is done when as many have been taken as it has seen put.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures::Stream;
use pin_project_lite::pin_project;

struct Slot<T> {
    value: Option<T>,
    put: u64,
    taken: u64,
}

pub struct Yielder<T> {
    slot: Arc<Mutex<Slot<T>>>,
}

impl<T> Yielder<T> {
    pub fn emit(&mut self, value: T) -> Emit<'_, T> {
        Emit { yielder: self, value: Some(value), number: 0 }
    }
}

#[must_use = "a value is handed out when this is awaited, and not before"]
pub struct Emit<'y, T> {
    yielder: &'y mut Yielder<T>,
    value: Option<T>,
    number: u64,
}

impl<T> Unpin for Emit<'_, T> {}

impl<T> Future for Emit<'_, T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let _ = cx;
        let emit = self.as_mut().get_mut();
        let mut slot = emit.yielder.slot.lock().unwrap();
        if emit.value.is_none() {
            return if slot.taken >= emit.number { Poll::Ready(()) } else { Poll::Pending };
        }
        if slot.put == slot.taken {
            slot.put += 1;
            emit.number = slot.put;
            slot.value = emit.value.take();
        }
        Poll::Pending
    }
}

pin_project! {
    pub struct AsyncGen<T, Fut> {
        slot: Arc<Mutex<Slot<T>>>,
        #[pin]
        body: Fut,
        ended: bool,
    }
}

pub fn generator<T, F, Fut>(body: F) -> AsyncGen<T, Fut>
where
    F: FnOnce(Yielder<T>) -> Fut,
    Fut: Future<Output = ()>,
{
    let slot = Arc::new(Mutex::new(Slot { value: None, put: 0, taken: 0 }));
    let body = body(Yielder { slot: slot.clone() });
    AsyncGen { slot, body, ended: false }
}

impl<T, Fut: Future<Output = ()>> Stream for AsyncGen<T, Fut> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.project();
        if !*this.ended && this.body.poll(cx).is_ready() {
            *this.ended = true;
        }
        let mut slot = this.slot.lock().unwrap();
        match slot.value.take() {
            Some(value) => {
                slot.taken += 1;
                Poll::Ready(Some(value))
            }
            None if *this.ended => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}
