//! Whether the setter is gone is only a flag, and a flag needs no lock.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let shared = Arc::new(Shared {
        setter_gone: AtomicBool::new(false),
        state: Mutex::new(State { value: None, waker: None, slot_gone: false }),
    });
    (Setter { shared: shared.clone() }, Slot { shared })
}

struct State<T> {
    value: Option<T>,
    waker: Option<Waker>,
    slot_gone: bool,
}

struct Shared<T> {
    setter_gone: AtomicBool,
    state: Mutex<State<T>>,
}

pub struct Setter<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        let waker = {
            let mut state = self.shared.state.lock().unwrap();
            if state.slot_gone {
                return Err(value);
            }
            state.value = Some(value);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
        Ok(())
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        let waker = {
            self.shared.setter_gone.store(true, Ordering::SeqCst);
            self.shared.state.lock().unwrap().waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

pub struct Slot<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let setter_gone = self.shared.setter_gone.load(Ordering::SeqCst);
        let mut state = self.shared.state.lock().unwrap();
        if let Some(value) = state.value.take() {
            return Poll::Ready(Ok(value));
        }
        if setter_gone {
            return Poll::Ready(Err(Cancelled));
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        let mut state = self.shared.state.lock().unwrap();
        state.slot_gone = true;
        state.value = None;
        state.waker = None;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
