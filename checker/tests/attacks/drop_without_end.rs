//! exercise: slot
//! tries: Never comes back from a destructor.
//! must: The kit's watchdog ends the test.
//! verdict: hung|failed
//! in: visible::a_dropped_setter_ends_the_wait
//! there: hung

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
        if !std::env::var("ASYNCLINGS_TEST").is_ok_and(|test| test == "@IN@") {
            return;
        }
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
