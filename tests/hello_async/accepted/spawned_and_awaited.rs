//! A task of its own on the runtime, and a handle that is waited for.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::{Instant, sleep_until};

pub async fn simple_task(log: &Log) {
    log.add("start");
    sleep_until(Instant::now() + Duration::from_secs(1)).await;
    log.add("done");
}

pub fn run(rt: &Runtime, log: &Log) {
    let log = log.clone();
    let task = rt.spawn(async move { simple_task(&log).await });
    rt.block_on(task).expect("the task does not panic");
}
