//! tokio's `Notify` keeps the waker. Its future is made once and kept, not anew in
//! each poll.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use tokio::sync::Notify;

enum S<T> {
    Nothing,
    Value(T),
    Cancelled,
    SlotGone,
}

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let s = Arc::new(Mutex::new(S::Nothing));
    let bell = Arc::new(Notify::new());
    let ring = Box::pin(bell.clone().notified_owned());
    (Setter(s.clone(), bell), Slot(s, ring))
}

pub struct Setter<T>(Arc<Mutex<S<T>>>, Arc<Notify>);

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        let mut s = self.0.lock().unwrap();
        if let S::SlotGone = *s {
            return Err(value);
        }
        *s = S::Value(value);
        Ok(())
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        let mut s = self.0.lock().unwrap();
        if let S::Nothing = *s {
            *s = S::Cancelled;
        }
        drop(s);
        self.1.notify_one();
    }
}

pub struct Slot<T>(Arc<Mutex<S<T>>>, Pin<Box<tokio::sync::futures::OwnedNotified>>);

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.1.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        let mut s = self.0.lock().unwrap();
        match std::mem::replace(&mut *s, S::SlotGone) {
            S::Value(v) => Poll::Ready(Ok(v)),
            _ => Poll::Ready(Err(Cancelled)),
        }
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        let old = std::mem::replace(&mut *self.0.lock().unwrap(), S::SlotGone);
        drop(old);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
