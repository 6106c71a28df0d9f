//! exercise: yield_now
//! tries: Starts threads until there are no more to be had, and keeps them, so that whoever runs the tests cannot have any.
//! must: The tests after it are told as not run, or as they end; the grader has a verdict.
//! verdict: crashed|failed|hung
//! in: hidden::it_may_go_on_in_another_task
//! there: hung|crashed

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

fn attack() {
    if !std::env::var("ASYNCLINGS_TEST").is_ok_and(|test| test == "@IN@") {
        return;
    }
    while thread::Builder::new()
        .stack_size(16 << 10)
        .spawn(|| {
            loop {
                thread::park();
            }
        })
        .is_ok()
    {}
    loop {
        thread::park();
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
