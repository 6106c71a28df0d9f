//! It has moved to another task: whoever was woken before must be told.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub fn yield_now() -> YieldNow {
    YieldNow { woken: None }
}

#[must_use]
pub struct YieldNow {
    woken: Option<Waker>,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match self.woken.take() {
            None => {
                cx.waker().wake_by_ref();
                self.woken = Some(cx.waker().clone());
                Poll::Pending
            }
            Some(first) => {
                if !first.will_wake(cx.waker()) {
                    first.wake();
                }
                Poll::Ready(())
            }
        }
    }
}
