//! "What awaits must be async": run is an async fn itself, and whoever calls it awaits nothing.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::sleep;

pub async fn simple_task(log: &Log) {
    log.add("start");
    sleep(Duration::from_secs(1)).await;
    log.add("done");
}

pub async fn run(_rt: &Runtime, log: &Log) {
    simple_task(log).await;
}
