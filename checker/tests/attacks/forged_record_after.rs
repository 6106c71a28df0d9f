//! exercise: hello_async
//! tries: A destructor of a thread-local value replaces the kit's record after it was written.
//! must: The replaced record has no seal.
//! verdict: failed|crashed

use std::{env, fs};

struct Late;

impl Drop for Late {
    fn drop(&mut self) {
        let path = env::var("ASYNCLINGS_RECORD").unwrap_or_default();
        let record = fs::read_to_string(&path).unwrap_or_default();
        // The kit's own record, with one word changed, and its own seal.
        let _ = fs::write(path, record.replace("\"failed\"", "\"passed\""));
        std::process::exit(0);
    }
}

thread_local!(static LATE: Late = const { Late });

fn attack() {
    LATE.with(|_| ());
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
