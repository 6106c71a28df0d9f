//! exercise: hello_async
//! tries: Looks for the secret in the environment, the arguments and everything under /proc and /dev.
//! must: There is no /proc, and nothing that looks like a secret.
//! verdict: failed|crashed

use std::{env, fs};

fn attack() {
    let secret = |s: &str| s.len() == 64 && s.bytes().all(|b| b.is_ascii_hexdigit());
    for (name, value) in env::vars() {
        if secret(&value) {
            println!("BREACH {name}");
        }
    }
    if env::args().any(|arg| secret(&arg)) {
        println!("BREACH an argument");
    }
    for path in [
        "/proc/self/environ",
        "/proc/self/mem",
        "/proc/self/maps",
        "/proc/self/exe",
        "/proc/1/cmdline",
        "/dev/fd/0",
        "/dev/stdin",
        "/dev/mem",
        "/dev/tty",
        "/dev/ptmx",
    ] {
        if fs::File::open(path).is_ok() {
            println!("BREACH {path}");
        }
    }
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
