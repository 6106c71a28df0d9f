//! "block_on waits, and I want to wait": the thread that should see the timer fire is kept by it.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::sleep;

pub async fn simple_task(log: &Log) {
    log.add("start");
    futures::executor::block_on(sleep(Duration::from_secs(1)));
    log.add("done");
}

pub fn run(rt: &Runtime, log: &Log) {
    rt.block_on(simple_task(log));
}
