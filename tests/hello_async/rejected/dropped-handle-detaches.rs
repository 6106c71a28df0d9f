//! "spawn is how tasks are run": run returns while the task waits in a runtime that nobody drives.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::sleep;

pub async fn simple_task(log: &Log) {
    log.add("start");
    sleep(Duration::from_secs(1)).await;
    log.add("done");
}

pub fn run(rt: &Runtime, log: &Log) {
    let log = log.clone();
    rt.spawn(async move { simple_task(&log).await });
}
