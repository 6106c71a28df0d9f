//! "A second is a second": the thread sleeps, and the runtime's clock with it.

use std::thread;
use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;

pub async fn simple_task(log: &Log) {
    log.add("start");
    thread::sleep(Duration::from_secs(1));
    log.add("done");
}

pub fn run(rt: &Runtime, log: &Log) {
    rt.block_on(simple_task(log));
}
