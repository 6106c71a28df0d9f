//! exercise: yield_now
//! tries: Leaves threads behind that never end, one of which waits for another in its destructor.
//! must: The process ends with the test, and they with it.
//! verdict: failed|crashed|hung
//! in: hidden::it_may_go_on_in_another_task
//! there: failed|hung

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

struct Waits(Option<thread::JoinHandle<()>>);

impl Drop for Waits {
    fn drop(&mut self) {
        let _ = self.0.take().map(thread::JoinHandle::join);
    }
}

thread_local!(static AT_THE_END: Waits = Waits(Some(thread::spawn(|| loop {
    thread::park();
}))));

fn attack() {
    if !std::env::var("ASYNCLINGS_TEST").is_ok_and(|test| test == "@IN@") {
        return;
    }
    AT_THE_END.with(|_| ());
    thread::spawn(|| {
        loop {
            thread::yield_now();
        }
    });
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
