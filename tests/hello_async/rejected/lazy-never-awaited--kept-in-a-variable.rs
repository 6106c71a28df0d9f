//! "It has a name, so it is used": a block that nobody polls, and a variable that hides it.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;

pub async fn simple_task(log: &Log) {
    log.add("start");
    let _pause = async { tokio::time::sleep(Duration::from_secs(1)).await };
    log.add("done");
}

pub fn run(rt: &Runtime, log: &Log) {
    rt.block_on(async { simple_task(log).await })
}
