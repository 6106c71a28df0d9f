//! A future must keep its waker, so it keeps it, and calls it when it is done.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub fn yield_now() -> YieldNow {
    YieldNow { waker: None }
}

pub struct YieldNow {
    waker: Option<Waker>,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match self.waker.take() {
            Some(waker) => {
                waker.wake();
                Poll::Ready(())
            }
            None => {
                self.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}
