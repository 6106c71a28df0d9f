//! exercise: hello_async
//! tries: Waits for the records of other tests of the same answer, and hands one in as its own; links its own record to theirs.
//! must: Each test has a secret of its own, and a record names its test.
//! verdict: failed|crashed

use std::os::unix::fs::symlink;
use std::{env, fs};

fn attack() {
    let test = env::var("ASYNCLINGS_TEST").unwrap_or_default();
    let path = env::var("ASYNCLINGS_RECORD").unwrap_or_default();
    for n in 0..16 {
        let other = format!("/tmp/records/{n}.json");
        if other == path {
            continue;
        }
        if let Ok(sealed) = fs::read_to_string(&other) {
            let (record, seal) = sealed.trim_end().rsplit_once('\n').unwrap_or_default();
            let name = record.split('"').nth(5).unwrap_or_default();
            let _ = fs::write(&path, format!("{}\n{seal}\n", record.replace(name, &test)));
        }
        let _ = fs::remove_file(&other);
        let _ = symlink(&path, &other);
    }
    std::process::exit(0);
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
