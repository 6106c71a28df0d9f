//! A channel of the standard library carries the value and knows when either
//! end is gone. Only the waker must be added.

use std::future::Future;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

type Bell = Arc<Mutex<Option<Waker>>>;

pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let (sender, receiver) = channel();
    let bell = Bell::default();
    (Setter { sender: Some(sender), bell: bell.clone() }, Slot { receiver, bell })
}

pub struct Setter<T> {
    sender: Option<Sender<T>>,
    bell: Bell,
}

impl<T> Setter<T> {
    pub fn set(mut self, value: T) -> Result<(), T> {
        let sender = self.sender.take().expect("a setter is used once");
        sender.send(value).map_err(|back| back.0)
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        drop(self.sender.take());
        let waker = self.bell.lock().unwrap().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

pub struct Slot<T> {
    receiver: Receiver<T>,
    bell: Bell,
}

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut bell = self.bell.lock().unwrap();
        match self.receiver.try_recv() {
            Ok(value) => Poll::Ready(Ok(value)),
            Err(TryRecvError::Disconnected) => Poll::Ready(Err(Cancelled)),
            Err(TryRecvError::Empty) => {
                match &mut *bell {
                    Some(waker) => waker.clone_from(cx.waker()),
                    None => *bell = Some(cx.waker().clone()),
                }
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        let _ = self.bell.lock().unwrap().take();
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
