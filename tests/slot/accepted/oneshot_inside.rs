//! tokio's oneshot channel does all of it; it needs no runtime.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let (sender, receiver) = oneshot::channel();
    (Setter(sender), Slot(receiver))
}

pub struct Setter<T>(oneshot::Sender<T>);

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        self.0.send(value)
    }
}

pub struct Slot<T>(oneshot::Receiver<T>);

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map_err(|_| Cancelled)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
