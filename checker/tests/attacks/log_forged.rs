//! exercise: hello_async
//! tries: Moves the clock instead of waiting, and writes the lines that the tests look for.
//! must: Who moves the clock takes it from the others as well, and a test sees that.
//! verdict: failed

use std::time::Duration;

pub async fn simple_task(log: &kit::Log) {
    log.add("start");
    tokio::time::advance(Duration::from_secs(1)).await;
    log.add("done");
}

pub fn run(rt: &tokio::runtime::Runtime, log: &kit::Log) {
    rt.block_on(simple_task(log));
}
