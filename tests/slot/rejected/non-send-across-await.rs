//! Both ends live in one thread's tasks, so an Rc and a RefCell are enough.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let state = Rc::new(RefCell::new(State { value: None, waker: None, setter_gone: false }));
    (Setter { state: state.clone() }, Slot { state })
}

struct State<T> {
    value: Option<T>,
    waker: Option<Waker>,
    setter_gone: bool,
}

pub struct Setter<T> {
    state: Rc<RefCell<State<T>>>,
}

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        if Rc::strong_count(&self.state) == 1 {
            return Err(value);
        }
        self.state.borrow_mut().value = Some(value);
        Ok(())
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        self.state.borrow_mut().setter_gone = true;
        let waker = self.state.borrow_mut().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

pub struct Slot<T> {
    state: Rc<RefCell<State<T>>>,
}

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.state.borrow_mut();
        if let Some(value) = state.value.take() {
            return Poll::Ready(Ok(value));
        }
        if state.setter_gone {
            return Poll::Ready(Err(Cancelled));
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        self.state.borrow_mut().waker = None;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
