//! exercise: yield_now
//! tries: Wraps the waker that it was given in one of its own, which exits with 0 when it is called.
//! must: No record, no pass.
//! verdict: failed|crashed

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

struct Exit;

impl Wake for Exit {
    fn wake(self: Arc<Self>) {
        std::process::exit(0);
    }
}

pub struct YieldNow;

pub fn yield_now() -> YieldNow {
    YieldNow
}

impl Future for YieldNow {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        cx.waker().wake_by_ref();
        Waker::from(Arc::new(Exit)).wake();
        Poll::Pending
    }
}
