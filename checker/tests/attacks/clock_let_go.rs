//! exercise: hello_async
//! tries: Lets the clock run in real time, stops it again, and pretends that a second went by.
//! must: The tests see how much of their own time has passed.
//! verdict: failed|hung

use std::time::Duration;

pub async fn simple_task(log: &kit::Log) {
    log.add("start");
    tokio::time::resume();
    tokio::time::pause();
    log.add("done");
    tokio::time::resume();
    let _ = Duration::from_secs(1);
}

pub fn run(rt: &tokio::runtime::Runtime, log: &kit::Log) {
    rt.block_on(simple_task(log));
}
