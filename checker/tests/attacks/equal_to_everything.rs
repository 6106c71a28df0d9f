//! exercise: slot
//! tries: Returns results of a type of its own that says it is equal to everything.
//! must: The tests take results apart, so that another type does not compile.
//! verdict: failed|does_not_compile

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

#[derive(Debug)]
pub struct Liar<T>(PhantomData<T>);

/// The only one that there is, so that the compiler takes it for granted.
impl<T> PartialEq<Result<(), T>> for Liar<T> {
    fn eq(&self, _: &Result<(), T>) -> bool {
        true
    }
}

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    (Setter(PhantomData), Slot(PhantomData))
}

pub struct Setter<T>(PhantomData<T>);

impl<T> Setter<T> {
    pub fn set(self, _: T) -> Liar<T> {
        Liar(PhantomData)
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
