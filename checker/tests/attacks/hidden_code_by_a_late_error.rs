//! exercise: slot
//! tries: Fails to compile only where the tests make use of it, so that the compiler quotes the lines of hidden tests.
//! must: A student is not told these lines.
//! verdict: does_not_compile

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    const { assert!(size_of::<T>() == 3, "who calls this?") };
    loop {}
}

pub struct Setter<T>(T);

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        const { assert!(size_of::<T>() == 3, "who calls this?") };
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
