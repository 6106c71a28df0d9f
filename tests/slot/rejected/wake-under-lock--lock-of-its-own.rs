//! The waker has a lock of its own, so the value can be taken while it is called.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let state = Arc::new(Mutex::new(State { value: None, setter_gone: false, slot_gone: false }));
    let bell = Arc::<Mutex<Option<Waker>>>::default();
    (Setter { state: state.clone(), bell: bell.clone() }, Slot { state, bell })
}

struct State<T> {
    value: Option<T>,
    setter_gone: bool,
    slot_gone: bool,
}

pub struct Setter<T> {
    state: Arc<Mutex<State<T>>>,
    bell: Arc<Mutex<Option<Waker>>>,
}

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        {
            let mut state = self.state.lock().unwrap();
            if state.slot_gone {
                return Err(value);
            }
            state.value = Some(value);
        }
        match self.bell.lock().unwrap().take() {
            Some(waker) => waker.wake(),
            None => {}
        }
        Ok(())
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        self.state.lock().unwrap().setter_gone = true;
        match self.bell.lock().unwrap().take() {
            Some(waker) => waker.wake(),
            None => {}
        }
    }
}

pub struct Slot<T> {
    state: Arc<Mutex<State<T>>>,
    bell: Arc<Mutex<Option<Waker>>>,
}

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.state.lock().unwrap();
        if let Some(value) = state.value.take() {
            return Poll::Ready(Ok(value));
        }
        if state.setter_gone {
            return Poll::Ready(Err(Cancelled));
        }
        *self.bell.lock().unwrap() = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        let mut state = self.state.lock().unwrap();
        state.slot_gone = true;
        state.value = None;
        *self.bell.lock().unwrap() = None;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
