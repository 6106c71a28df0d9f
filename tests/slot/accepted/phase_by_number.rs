//! How far it has come is an atomic number; the value and the waker have a lock each.
//! Register, then look.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering::AcqRel, Ordering::Acquire};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

const OPEN: u8 = 0;
const SET: u8 = 1;
const OVER: u8 = 2;

struct Inner<T> {
    phase: AtomicU8,
    cell: Mutex<Option<T>>,
    bell: Mutex<Option<Waker>>,
}

impl<T> Inner<T> {
    fn ring(&self) {
        let w = self.bell.lock().unwrap().take();
        if let Some(w) = w {
            w.wake()
        }
    }
}

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let i = Arc::new(Inner {
        phase: AtomicU8::new(OPEN),
        cell: Mutex::new(None),
        bell: Mutex::new(None),
    });
    (Setter(i.clone()), Slot(i))
}

pub struct Setter<T>(Arc<Inner<T>>);

impl<T> Setter<T> {
    pub fn set(self, value: T) -> Result<(), T> {
        *self.0.cell.lock().unwrap() = Some(value);
        match self.0.phase.compare_exchange(OPEN, SET, AcqRel, Acquire) {
            Ok(_) => Ok(()),
            Err(_) => Err(self.0.cell.lock().unwrap().take().expect("nobody else takes it")),
        }
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        let _ = self.0.phase.compare_exchange(OPEN, OVER, AcqRel, Acquire);
        self.0.ring();
    }
}

pub struct Slot<T>(Arc<Inner<T>>);

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let old = self.0.bell.lock().unwrap().replace(cx.waker().clone());
        drop(old);
        match self.0.phase.load(Acquire) {
            OPEN => Poll::Pending,
            SET => match self.0.cell.lock().unwrap().take() {
                Some(v) => Poll::Ready(Ok(v)),
                None => Poll::Pending,
            },
            _ => Poll::Ready(Err(Cancelled)),
        }
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        let before = self.0.phase.compare_exchange(OPEN, OVER, AcqRel, Acquire);
        if before == Err(SET) {
            let v = self.0.cell.lock().unwrap().take();
            drop(v);
        }
        let w = self.0.bell.lock().unwrap().take();
        drop(w);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
