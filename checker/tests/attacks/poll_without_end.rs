//! exercise: yield_now
//! tries: Never comes back from a poll.
//! must: The kit's watchdog ends the test.
//! verdict: hung|failed
//! then: the solution passes

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    loop {
        std::hint::spin_loop();
    }
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
