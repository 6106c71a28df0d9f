//! exercise: yield_now
//! tries: Replaces the panic hook by one that sleeps for ever, so that neither a failed check nor the watchdog gets any further.
//! must: The test is ended from outside at twice its time.
//! verdict: failed|crashed|hung
//! then: the solution passes

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    std::panic::set_hook(Box::new(|_| {
        loop {
            std::thread::park();
        }
    }));
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
