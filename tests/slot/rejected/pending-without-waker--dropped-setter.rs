//! The slot sees for itself that it is alone: nobody else holds the state.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let state = Arc::new(Mutex::new(State { value: None, waker: None }));
    (Setter { state: state.clone() }, Slot { state })
}

struct State<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

pub struct Setter<T> {
    state: Arc<Mutex<State<T>>>,
}

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        if Arc::strong_count(&self.state) == 1 {
            return Err(value);
        }
        let waker = {
            let mut state = self.state.lock().unwrap();
            state.value = Some(value);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
        Ok(())
    }
}

pub struct Slot<T> {
    state: Arc<Mutex<State<T>>>,
}

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.state.lock().unwrap();
        if let Some(value) = state.value.take() {
            return Poll::Ready(Ok(value));
        }
        if Arc::strong_count(&self.state) == 1 {
            return Poll::Ready(Err(Cancelled)); // the setter is gone
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        self.state.lock().unwrap().waker = None;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
