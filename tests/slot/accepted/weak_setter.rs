//! The slot owns the state, and the setter only knows where it lives. What is
//! gone cannot be reached, so there is no flag for a slot that was dropped.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Waker};

enum Wait<T> {
    For(Option<Waker>),
    Over(Result<T, Cancelled>),
}

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let state = Arc::new(Mutex::new(Wait::For(None)));
    (Setter(Arc::downgrade(&state)), Slot(state))
}

pub struct Setter<T>(Weak<Mutex<Wait<T>>>);

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        let Some(state) = self.0.upgrade() else { return Err(value) };
        end(&state, Ok(value));
        Ok(())
    }
}

/// Ends the wait, if nothing has ended it before.
fn end<T>(state: &Mutex<Wait<T>>, how: Result<T, Cancelled>) {
    let waker = {
        let mut state = state.lock().unwrap();
        let Wait::For(waker) = &mut *state else { return };
        let waker = waker.take();
        *state = Wait::Over(how);
        waker
    };
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        if let Some(state) = self.0.upgrade() {
            end(&state, Err(Cancelled));
        }
    }
}

pub struct Slot<T>(Arc<Mutex<Wait<T>>>);

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.lock().unwrap();
        match &mut *state {
            Wait::For(waker) => {
                *waker = Some(cx.waker().clone());
                Poll::Pending
            }
            Wait::Over(_) => match std::mem::replace(&mut *state, Wait::Over(Err(Cancelled))) {
                Wait::Over(how) => Poll::Ready(how),
                Wait::For(_) => unreachable!("it was over"),
            },
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
