//! Before it says Pending, it waits a millisecond: perhaps the value comes.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

struct State<T> {
    value: Option<T>,
    waker: Option<Waker>,
    setter_gone: bool,
    slot_gone: bool,
}

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let state = Arc::new(Mutex::new(State {
        value: None,
        waker: None,
        setter_gone: false,
        slot_gone: false,
    }));
    (Setter { state: state.clone() }, Slot { state })
}

pub struct Setter<T> {
    state: Arc<Mutex<State<T>>>,
}

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        let waker = {
            let mut state = self.state.lock().unwrap();
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
            let mut state = self.state.lock().unwrap();
            state.setter_gone = true;
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

pub struct Slot<T> {
    state: Arc<Mutex<State<T>>>,
}

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        for last in [false, true] {
            let mut state = self.state.lock().unwrap();
            if let Some(value) = state.value.take() {
                return Poll::Ready(Ok(value));
            }
            if state.setter_gone {
                return Poll::Ready(Err(Cancelled));
            }
            state.waker = Some(cx.waker().clone());
            drop(state);
            if !last {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        }
        Poll::Pending
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        let mut state = self.state.lock().unwrap();
        state.slot_gone = true;
        state.value = None;
        state.waker = None;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
