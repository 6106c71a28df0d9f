//! `poll_fn` makes a future of a closure; the flag is what the closure captured.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn yield_now() -> YieldNow {
    let mut gave_way = false;
    YieldNow(Box::pin(poll_fn(move |cx| {
        if gave_way {
            return Poll::Ready(());
        }
        gave_way = true;
        cx.waker().clone().wake();
        Poll::Pending
    })))
}

pub struct YieldNow(Pin<Box<dyn Future<Output = ()> + Send>>);

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(cx)
    }
}
