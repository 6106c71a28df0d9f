//! Its turn is over when somebody else has polled: as long as it is the same task, wait.

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
        match &self.waker {
            Some(waker) if !waker.will_wake(cx.waker()) => Poll::Ready(()),
            Some(_) => Poll::Pending,
            None => {
                self.waker = Some(cx.waker().clone());
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}
