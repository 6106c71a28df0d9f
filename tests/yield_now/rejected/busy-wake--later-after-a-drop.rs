//! Dropped half-way: the task hears of it later.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn yield_now() -> YieldNow {
    YieldNow { waker: None }
}

pub struct YieldNow {
    waker: Option<std::task::Waker>,
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
            std::thread::spawn(move || w.wake());
        }
    }
}
