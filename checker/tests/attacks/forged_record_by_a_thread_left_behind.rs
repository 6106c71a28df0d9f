//! exercise: hello_async
//! tries: A thread that outlives the test writes a record that says passed, again and again.
//! must: The process group is ended before the record is read, and the seal is missing anyway.
//! verdict: failed|crashed

use std::{env, fs, thread};

fn attack() {
    let test = env::var("ASYNCLINGS_TEST").unwrap_or_default();
    let path = env::var("ASYNCLINGS_RECORD").unwrap_or_default();
    let record =
        format!(r#"{{"version":1,"test":"{test}","outcome":"passed","end_us":0,"events":[]}}"#);
    thread::spawn(move || {
        loop {
            let _ = fs::write(&path, &record);
        }
    });
}

pub async fn simple_task(_: &kit::Log) {
    attack();
}

pub fn run(_: &tokio::runtime::Runtime, _: &kit::Log) {
    attack();
}
