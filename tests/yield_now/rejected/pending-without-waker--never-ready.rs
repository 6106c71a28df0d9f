//! It wakes itself once and gives way. Behind the await the executor goes on by itself.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn yield_now() -> YieldNow {
    YieldNow { gave_way: false }
}

pub struct YieldNow {
    gave_way: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if !self.gave_way {
            self.gave_way = true;
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }
}
