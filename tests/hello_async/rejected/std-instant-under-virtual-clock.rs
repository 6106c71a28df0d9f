//! "spawn_blocking makes a blocking sleep all right."

use kit::Log;
use std::time::Duration;
use tokio::runtime::Runtime;

pub async fn simple_task(log: &Log) {
    log.add("start");
    tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_secs(1))).await.unwrap();
    log.add("done");
}

pub fn run(rt: &Runtime, log: &Log) {
    rt.block_on(simple_task(log));
}
