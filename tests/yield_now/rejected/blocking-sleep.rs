//! Give the others some time: sleep for a millisecond, then wake.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn yield_now() -> YieldNow {
    YieldNow { done: false }
}

pub struct YieldNow {
    done: bool,
}

impl Future for YieldNow {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.done {
            return Poll::Ready(());
        }
        self.done = true;
        std::thread::sleep(std::time::Duration::from_millis(1));
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
