//! exercise: yield_now
//! tries: A thread aborts the process as soon as a record is there.
//! must: It is no pass, whatever the record says.
//! verdict: failed|crashed

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::{env, fs, process, thread};

fn attack() {
    let path = env::var("ASYNCLINGS_RECORD").unwrap_or_default();
    thread::spawn(move || {
        while fs::metadata(&path).is_err() {}
        process::abort();
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
