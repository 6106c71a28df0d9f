//! A cell for the value, and beside it the waker in an `AtomicWaker`. The order
//! is what counts: register, then look.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures::task::AtomicWaker;

struct Shared<T> {
    value: Mutex<Option<T>>,
    waker: AtomicWaker,
    setter_gone: AtomicBool,
}

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let shared = Arc::new(Shared {
        value: Mutex::new(None),
        waker: AtomicWaker::new(),
        setter_gone: AtomicBool::new(false),
    });
    (Setter { shared: shared.clone() }, Slot { shared })
}

pub struct Setter<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        // Nobody but the slot holds the other end.
        if Arc::strong_count(&self.shared) == 1 {
            return Err(value);
        }
        *self.shared.value.lock().unwrap() = Some(value);
        self.shared.waker.wake();
        Ok(())
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        self.shared.setter_gone.store(true, SeqCst);
        self.shared.waker.wake(); // after `set` there is nobody left to wake
    }
}

pub struct Slot<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.shared.waker.register(cx.waker());
        // Before the value: a setter that is gone has left its value before it went.
        let gone = self.shared.setter_gone.load(SeqCst);
        let value = self.shared.value.lock().unwrap().take();
        match value {
            Some(value) => Poll::Ready(Ok(value)),
            None if gone => Poll::Ready(Err(Cancelled)),
            None => Poll::Pending,
        }
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        drop(self.shared.waker.take());
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
