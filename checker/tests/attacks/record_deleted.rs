//! exercise: hello_async
//! tries: Deletes the folder of the records, and puts a file in its place.
//! must: Without a record there is no pass, for this test and for those beside it.
//! verdict: failed|crashed

use std::fs;

fn attack() {
    let _ = fs::remove_dir_all("/tmp/records");
    let _ = fs::write("/tmp/records", "no folder");
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
