//! exercise: yield_now
//! tries: Aborts in a destructor, while a failed check unwinds.
//! must: It counts as crashed.
//! verdict: failed|crashed

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        std::process::abort();
    }
}

fn attack() {
    std::mem::forget(std::thread::current());
    let _bomb = Bomb;
    panic!("unwinds");
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
