//! exercise: hello_async
//! tries: Imports include_bytes! under another name, and reads the users, the processes and a file at home of the grader.
//! must: Where it is compiled there is no such file.
//! verdict: does_not_compile

use std::include_bytes as bytes;

const USERS: &[u8] = bytes!("/etc/passwd");
const PROCESS: &[u8] = bytes!("/proc/self/environ");
const FIRST: &[u8] = bytes!("/proc/1/cmdline");
const HOME: &[u8] = bytes!("@HOME@/canary");
const TEMP: &[u8] = bytes!("@TEMP@/canary");

fn attack() {
    println!("BREACH {USERS:?} {PROCESS:?} {FIRST:?} {HOME:?} {TEMP:?}");
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
