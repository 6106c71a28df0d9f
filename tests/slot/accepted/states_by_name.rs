//! The life of the slot as an enum: each step replaces the whole state, and
//! what stood there before says what is left to do.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

enum State<T> {
    Empty,
    Awaited(Waker),
    Full(T),
    /// One of the two ends is gone, or the value was taken.
    Over,
}

type Shared<T> = Arc<Mutex<State<T>>>;

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let shared = Arc::new(Mutex::new(State::Empty));
    (Setter(shared.clone()), Slot(shared))
}

pub struct Setter<T>(Shared<T>);

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        let mut state = self.0.lock().unwrap();
        match mem::replace(&mut *state, State::Full(value)) {
            State::Over => match mem::replace(&mut *state, State::Over) {
                State::Full(value) => return Err(value),
                _ => unreachable!("it was put there two lines above"),
            },
            State::Awaited(waker) => {
                drop(state);
                waker.wake();
            }
            State::Empty | State::Full(_) => {}
        }
        Ok(())
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        let mut state = self.0.lock().unwrap();
        match mem::replace(&mut *state, State::Over) {
            State::Full(value) => *state = State::Full(value),
            State::Awaited(waker) => {
                drop(state);
                waker.wake();
            }
            State::Empty | State::Over => {}
        }
    }
}

pub struct Slot<T>(Shared<T>);

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.lock().unwrap();
        match mem::replace(&mut *state, State::Over) {
            State::Full(value) => Poll::Ready(Ok(value)),
            State::Over => Poll::Ready(Err(Cancelled)),
            State::Awaited(waker) if waker.will_wake(cx.waker()) => {
                *state = State::Awaited(waker);
                Poll::Pending
            }
            State::Empty | State::Awaited(_) => {
                *state = State::Awaited(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        let left = mem::replace(&mut *self.0.lock().unwrap(), State::Over);
        drop(left);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
