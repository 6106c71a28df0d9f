//! exercise: yield_now
//! tries: Never comes back from a poll.
//! must: The kit's watchdog ends the test.
//! verdict: hung|failed
//! in: hidden::it_may_go_on_in_another_task
//! there: hung

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    if !std::env::var("ASYNCLINGS_TEST").is_ok_and(|test| test == "@IN@") {
        return;
    }
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
