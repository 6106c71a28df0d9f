//! exercise: hello_async
//! tries: Keeps every log that it is given, and lets threads write to all of them without end.
//! must: A log is a list of lines; a test that cannot end is ended.
//! verdict: failed|hung|crashed

use std::sync::Mutex;
use std::thread;

static KEPT: Mutex<Vec<kit::Log>> = Mutex::new(Vec::new());

fn keep(log: &kit::Log) {
    KEPT.lock().expect("nobody panics").push(log.clone());
    thread::spawn(|| {
        loop {
            for log in KEPT.lock().expect("nobody panics").iter() {
                log.add("done ".repeat(1000));
            }
        }
    });
}

pub async fn simple_task(log: &kit::Log) {
    keep(log);
}

pub fn run(_: &tokio::runtime::Runtime, log: &kit::Log) {
    keep(log);
}
