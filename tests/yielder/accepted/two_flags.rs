//! The slot says what has become of the value, and the Emit only looks.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures::Stream;
use pin_project_lite::pin_project;

enum Slot<T> {
    Empty,
    Full(T),
    Over,
}

pub struct Yielder<T> {
    slot: Arc<Mutex<Slot<T>>>,
}

impl<T> Yielder<T> {
    pub fn emit(&mut self, value: T) -> Emit<'_, T> {
        Emit { yielder: self, value: Some(value) }
    }
}

#[must_use = "a value is handed out when this is awaited, and not before"]
pub struct Emit<'y, T> {
    yielder: &'y mut Yielder<T>,
    value: Option<T>,
}

impl<T> Unpin for Emit<'_, T> {}

impl<T> Future for Emit<'_, T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let _ = cx;
        let emit = self.as_mut().get_mut();
        let mut slot = emit.yielder.slot.lock().unwrap();
        match (&*slot, emit.value.take()) {
            (Slot::Full(_), value) => {
                emit.value = value;
                Poll::Pending
            }
            (_, Some(value)) => {
                *slot = Slot::Full(value);
                Poll::Pending
            }
            (_, None) => Poll::Ready(()),
        }
    }
}

pin_project! {
    pub struct AsyncGen<T, Fut> {
        slot: Arc<Mutex<Slot<T>>>,
        #[pin]
        body: Option<Fut>,
    }
}

pub fn generator<T, F, Fut>(body: F) -> AsyncGen<T, Fut>
where
    F: FnOnce(Yielder<T>) -> Fut,
    Fut: Future<Output = ()>,
{
    let slot = Arc::new(Mutex::new(Slot::Empty));
    let body = body(Yielder { slot: slot.clone() });
    AsyncGen { slot, body: Some(body) }
}

impl<T, Fut: Future<Output = ()>> Stream for AsyncGen<T, Fut> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut this = self.project();
        let Some(body) = this.body.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let ended = body.poll(cx).is_ready();
        if ended {
            this.body.set(None);
        }
        let next = if ended { Slot::Over } else { Slot::Empty };
        match std::mem::replace(&mut *this.slot.lock().unwrap(), next) {
            Slot::Full(value) => Poll::Ready(Some(value)),
            _ if ended => Poll::Ready(None),
            _ => Poll::Pending,
        }
    }
}
