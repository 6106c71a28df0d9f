//! exercise: yield_now
//! tries: Replaces the panic hook by one that sleeps for ever, so that neither a failed check nor the watchdog gets any further.
//! must: The test is ended from outside at twice its time.
//! verdict: failed|crashed|hung
//! in: hidden::it_may_go_on_in_another_task
//! there: hung

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    if !std::env::var("ASYNCLINGS_TEST").is_ok_and(|test| test == "@IN@") {
        return;
    }
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
