//! exercise: yield_now
//! tries: Becomes itself anew as a member of the grader's process group, so that nobody finds it when its time is up, and sleeps.
//! must: A test stays where it is, and is ended in time.
//! verdict: crashed|failed|hung

use std::future::Future;
use std::os::unix::process::{CommandExt, parent_id};
use std::pin::Pin;
use std::process::Command;
use std::task::{Context, Poll};

fn attack() {
    let this = std::env::args().next().unwrap_or_default();
    if std::env::var("ASYNCLINGS_HIDDEN_IN").is_ok() {
        loop {
            std::thread::park();
        }
    }
    for group in [parent_id() as i32, 1, 2] {
        let error = Command::new(&this)
            .args(std::env::args().skip(1))
            .env("ASYNCLINGS_HIDDEN_IN", "1")
            .process_group(group)
            .exec();
        println!("{error}");
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
