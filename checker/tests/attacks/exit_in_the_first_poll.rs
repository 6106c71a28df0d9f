//! exercise: yield_now
//! tries: Ends the process with 0 in the first poll.
//! must: A test that did not come to its last check is not passed.
//! verdict: failed|crashed

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    std::process::exit(0);
}

pub struct YieldNow;

pub fn yield_now() -> YieldNow {
    YieldNow
}

impl Future for YieldNow {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        attack();
        Poll::Ready(())
    }
}
