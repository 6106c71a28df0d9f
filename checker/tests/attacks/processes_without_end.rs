//! exercise: yield_now
//! tries: Starts itself, a shell and whatever there is, in groups of their own, again and again.
//! must: A test cannot start a process.
//! verdict: crashed|failed|hung

use std::env;
use std::future::Future;
use std::os::unix::process::CommandExt;
use std::pin::Pin;
use std::process::Command;
use std::task::{Context, Poll};

fn attack() {
    let this = env::args().next().unwrap_or_default();
    for program in [this.as_str(), "/bin/sh", "/usr/bin/env", "/usr/lib/git-core/git"] {
        for group in [None, Some(0)] {
            let mut command = Command::new(program);
            command.args(env::args().skip(1));
            if let Some(group) = group {
                command.process_group(group);
            }
            if command.spawn().is_ok() {
                println!("BREACH {program}");
            }
        }
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
