//! "The call does the work": the sleep is built and dropped, and done comes at once.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::sleep;

pub async fn simple_task(log: &Log) {
    log.add("start");
    sleep(Duration::from_secs(1));
    log.add("done");
}

pub fn run(rt: &Runtime, log: &Log) {
    rt.block_on(simple_task(log));
}
