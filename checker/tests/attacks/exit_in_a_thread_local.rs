//! exercise: yield_now
//! tries: Ends the process with 0 in the destructor of a thread-local value.
//! must: By then the kit has written what it saw.
//! verdict: failed|crashed

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

struct Late;

impl Drop for Late {
    fn drop(&mut self) {
        std::process::exit(0);
    }
}

thread_local!(static LATE: Late = const { Late });

fn attack() {
    LATE.with(|_| ());
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
