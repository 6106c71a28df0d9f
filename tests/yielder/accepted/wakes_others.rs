//! Wakes whoever waits for the emit, unless that is the task itself: it is here already.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures::Stream;
use pin_project_lite::pin_project;

pub struct Yielder<T> {
    slot: Arc<Mutex<Slot<T>>>,
}

struct Slot<T> {
    value: Option<T>,
    waiting: Option<Waker>,
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

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Emit { yielder, value } = self.get_mut();
        let mut slot = lock(&yielder.slot);
        if slot.value.is_some() {
            slot.waiting = Some(cx.waker().clone());
            return Poll::Pending;
        }
        match value.take() {
            Some(value) => {
                slot.value = Some(value);
                slot.waiting = Some(cx.waker().clone());
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
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
    let slot = Arc::new(Mutex::new(Slot { value: None, waiting: None }));
    let body = body(Yielder { slot: slot.clone() });
    AsyncGen { slot, body, ended: false }
}

impl<T, Fut: Future<Output = ()>> Stream for AsyncGen<T, Fut> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.project();
        if *this.ended {
            return Poll::Ready(None);
        }
        // Whatever polls the emit in there hears that it may go on.
        let waiting = lock(this.slot).waiting.take();
        if let Some(waker) = waiting
            && !waker.will_wake(cx.waker())
        {
            waker.wake();
        }
        *this.ended = this.body.poll(cx).is_ready();
        match lock(this.slot).value.take() {
            Some(value) => Poll::Ready(Some(value)),
            None if *this.ended => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

fn lock<T>(slot: &Mutex<T>) -> MutexGuard<'_, T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
