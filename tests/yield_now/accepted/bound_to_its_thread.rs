//! The flag in an `Rc`: nobody said that the future must be `Send`.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn yield_now() -> YieldNow {
    YieldNow { gave_way: Default::default() }
}

#[must_use]
pub struct YieldNow {
    gave_way: std::rc::Rc<std::cell::Cell<bool>>,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.gave_way.replace(true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
