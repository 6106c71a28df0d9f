//! A flag is needed that outlives `poll`: a static does.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

static GAVE_WAY: AtomicBool = AtomicBool::new(false);

pub fn yield_now() -> YieldNow {
    YieldNow
}

pub struct YieldNow;

impl Future for YieldNow {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if GAVE_WAY.swap(false, Ordering::SeqCst) {
            return Poll::Ready(());
        }
        GAVE_WAY.store(true, Ordering::SeqCst);
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
