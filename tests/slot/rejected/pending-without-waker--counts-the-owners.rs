//! An Arc counts its owners: if there is only one, the other end is gone.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

type State<T> = Arc<Mutex<(Option<T>, Option<Waker>)>>;

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let state = State::<T>::new(Mutex::new((None, None)));
    (Setter(state.clone()), Slot(state))
}

pub struct Setter<T>(State<T>);

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        if Arc::strong_count(&self.0) == 1 {
            return Err(value);
        }
        self.0.lock().unwrap().0 = Some(value);
        Ok(())
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        let waker = self.0.lock().unwrap().1.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

pub struct Slot<T>(State<T>);

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.lock().unwrap();
        if let Some(value) = state.0.take() {
            return Poll::Ready(Ok(value));
        }
        if Arc::strong_count(&self.0) == 1 {
            return Poll::Ready(Err(Cancelled));
        }
        state.1 = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        self.0.lock().unwrap().1 = None;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
