//! A Condvar with a limit: mostly the value comes soon, and a task switch is dear.

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
    let state = Arc::new((
        Mutex::new(State { value: None, waker: None, setter_gone: false, slot_gone: false }),
        std::sync::Condvar::new(),
    ));
    (Setter { state: state.clone() }, Slot { state })
}

pub struct Setter<T> {
    state: Arc<(Mutex<State<T>>, std::sync::Condvar)>,
}

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        let waker = {
            let mut state = self.state.0.lock().unwrap();
            if state.slot_gone {
                return Err(value);
            }
            state.value = Some(value);
            self.state.1.notify_all();
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
            let mut state = self.state.0.lock().unwrap();
            state.setter_gone = true;
            self.state.1.notify_all();
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

pub struct Slot<T> {
    state: Arc<(Mutex<State<T>>, std::sync::Condvar)>,
}

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.state.0.lock().unwrap();
        state.waker = Some(cx.waker().clone());
        let (mut state, _) = self
            .state
            .1
            .wait_timeout_while(state, std::time::Duration::from_millis(2), |s| {
                s.value.is_none() && !s.setter_gone
            })
            .unwrap();
        if let Some(value) = state.value.take() {
            return Poll::Ready(Ok(value));
        }
        if state.setter_gone {
            return Poll::Ready(Err(Cancelled));
        }
        Poll::Pending
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        let mut state = self.state.0.lock().unwrap();
        state.slot_gone = true;
        state.value = None;
        state.waker = None;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
