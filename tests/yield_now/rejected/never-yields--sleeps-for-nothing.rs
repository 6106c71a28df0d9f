//! In Python it is `asyncio.sleep(0)`, so here it is tokio's.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub fn yield_now() -> YieldNow {
    YieldNow(Box::pin(async { tokio::time::sleep(Duration::ZERO).await }))
}

pub struct YieldNow(Pin<Box<dyn Future<Output = ()> + Send>>);

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(cx)
    }
}
