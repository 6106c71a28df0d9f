//! exercise: hello_async
//! tries: One file that must be out of reach, included alone: had it been there, this would compile.
//! must: Where it is compiled there is no such file.
//! verdict: does_not_compile

use core::include_bytes as bytes;

pub const BESIDE: &[u8] = bytes!("@BESIDE@/canary");

fn attack() {
    println!("BREACH {BESIDE:?}");
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
