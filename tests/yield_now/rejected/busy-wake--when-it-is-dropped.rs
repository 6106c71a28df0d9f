//! Dropped between its two polls, it has a task that still waits for it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub fn yield_now() -> YieldNow {
    YieldNow { waker: None }
}

#[must_use]
pub struct YieldNow {
    waker: Option<Waker>,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.waker.take().is_some() {
            return Poll::Ready(());
        }
        self.waker = Some(cx.waker().clone());
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for YieldNow {
    fn drop(&mut self) {
        if let Some(w) = self.waker.take() {
            w.wake();
        }
    }
}
