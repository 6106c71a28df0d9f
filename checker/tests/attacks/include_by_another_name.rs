//! exercise: hello_async
//! tries: Imports include_str! under another name, and reaches for the hidden tests by every path that leads there.
//! must: Where it is compiled these files do not exist.
//! verdict: does_not_compile

use core::include_str as text;

const BY_THE_WHOLE_PATH: &str = text!("@KIT@/tests/hello_async/hidden.rs");
const BY_STEPS: &str = text!("../../../../../../tests/hello_async/hidden.rs");
const STATE: &str = text!("@STATE@/toolbox.json");

fn attack() {
    println!("BREACH {BY_THE_WHOLE_PATH} {BY_STEPS} {STATE}");
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
