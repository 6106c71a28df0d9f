//! exercise: yield_now
//! tries: Replaces the panic hook by one that ends the process with 0 when a check fails.
//! must: No record, no pass.
//! verdict: failed|crashed

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    std::panic::set_hook(Box::new(|_| std::process::exit(0)));
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
