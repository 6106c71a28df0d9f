//! The value lies there; the executor will see it the next time it looks.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let state = Arc::new(Mutex::new(State { value: None, setter_gone: false, slot_gone: false }));
    (Setter { state: state.clone() }, Slot { state })
}

struct State<T> {
    value: Option<T>,
    setter_gone: bool,
    slot_gone: bool,
}

pub struct Setter<T> {
    state: Arc<Mutex<State<T>>>,
}

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        let mut state = self.state.lock().unwrap();
        if state.slot_gone {
            return Err(value);
        }
        state.value = Some(value);
        Ok(())
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        self.state.lock().unwrap().setter_gone = true;
    }
}

pub struct Slot<T> {
    state: Arc<Mutex<State<T>>>,
}

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.state.lock().unwrap();
        match state.value.take() {
            Some(value) => Poll::Ready(Ok(value)),
            None if state.setter_gone => Poll::Ready(Err(Cancelled)),
            None => Poll::Pending,
        }
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        self.state.lock().unwrap().slot_gone = true;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
