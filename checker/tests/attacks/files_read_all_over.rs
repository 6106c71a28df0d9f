//! exercise: yield_now
//! tries: Reads what a grader keeps: hidden tests, solutions, users, keys, other students' answers.
//! must: It sees the C library and its own scratch folder.
//! verdict: failed|crashed

use std::fs;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

fn attack() {
    for file in [
        "@KIT@/tests/yield_now/hidden.rs",
        "@KIT@/solutions/lib.rs",
        "@KIT@/Cargo.toml",
        "@STATE@/toolbox.json",
        "@STATE@/work/yield_now/0/main.rs",
        "@STATE@/work/yield_now/0/answer/libexercise.rlib",
        "@TEMP@/canary",
        "@HOME@/canary",
        "@BESIDE@/canary",
        "/etc/passwd",
        "/etc/shadow",
        "/etc/hostname",
        "/proc/self/mountinfo",
        "/sys/kernel/notes",
        "/dev/kmsg",
        "/run/docker.sock",
        "/var/run/docker.sock",
    ] {
        if fs::File::open(file).is_ok() {
            println!("BREACH {file}");
        }
    }
    for folder in
        ["@KIT@/tests", "@KIT@/solutions", "@TEMP@", "@HOME@", "/home", "/proc", "/sys", "/etc"]
    {
        let seen = fs::read_dir(folder).into_iter().flatten().flatten();
        for entry in seen.take(3) {
            println!("BREACH {}", entry.path().display());
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
