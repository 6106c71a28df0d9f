//! exercise: slot
//! tries: Panics with the words of todo!(), so that it looks as if it had not been begun.
//! must: It is not begun then, which earns nothing.
//! verdict: not_started

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    std::panic::panic_any(String::from("not yet implemented"))
}

pub struct Setter<T>(T);

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        Err(value)
    }
}

pub struct Slot<T>(T);

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Pending
    }
}

pub struct Cancelled;
