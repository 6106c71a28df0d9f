//! "The wait can happen in the background": the function ends, and a task of its own goes on.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::sleep;

pub async fn simple_task(log: &Log) {
    log.add("start");
    let log = log.clone();
    tokio::spawn(async move {
        sleep(Duration::from_secs(1)).await;
        log.add("done");
    });
}

pub fn run(rt: &Runtime, log: &Log) {
    rt.block_on(simple_task(log));
}
