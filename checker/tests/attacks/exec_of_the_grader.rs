//! exercise: yield_now
//! tries: Becomes the grader's own program, told to enter a sandbox and to run tests that report what it likes.
//! must: Its output is that of a test, which nobody believes.
//! verdict: crashed|failed|hung

use std::future::Future;
use std::os::unix::process::CommandExt;
use std::pin::Pin;
use std::process::Command;
use std::task::{Context, Poll};

fn attack() {
    let this = std::env::current_exe().unwrap_or_default();
    for (program, word) in [
        ("@STATE@/../debug/asynclings", "sandbox-inside"),
        ("@STATE@/../debug/asynclings", "sandbox-test"),
    ] {
        let error =
            Command::new(program).args([word, "1", &this.to_string_lossy(), "--list"]).exec();
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
