//! exercise: slot
//! tries: Never comes back from a destructor.
//! must: The kit's watchdog ends the test.
//! verdict: hung|failed
//! then: the solution passes

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    (Setter(PhantomData), Slot(PhantomData))
}

pub struct Setter<T>(PhantomData<T>);

impl<T> Setter<T> {
    pub fn set(self, _: T) -> Result<(), T> {
        Ok(())
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        loop {
            std::thread::park();
        }
    }
}

pub struct Slot<T>(PhantomData<T>);

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Pending
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
