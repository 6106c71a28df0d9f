//! tokio has such a future; it works without a runtime, too.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn yield_now() -> YieldNow {
    YieldNow(Box::pin(tokio::task::yield_now()))
}

pub struct YieldNow(Pin<Box<dyn Future<Output = ()> + Send>>);

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(cx)
    }
}
