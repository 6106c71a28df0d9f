//! exercise: hello_async
//! tries: Prints who called it: the backtrace, the caller's place, all text in the program that looks like a test.
//! must: What a visible test prints holds nothing of the hidden ones, because the program cannot be read.
//! verdict: failed|crashed

use std::{backtrace::Backtrace, env, fs};

fn attack() {
    println!("{}", Backtrace::force_capture());
    let program = env::args().next().unwrap_or_default();
    if let Ok(bytes) = fs::read(&program) {
        println!("BREACH {} bytes of {program}", bytes.len());
    }
    let _ = fs::copy(&program, "/tmp/copy");
    let _ = fs::hard_link(&program, "/tmp/link");
    for copy in ["/tmp/copy", "/tmp/link"] {
        if fs::read(copy).is_ok_and(|bytes| !bytes.is_empty()) {
            println!("BREACH {copy}");
        }
    }
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
