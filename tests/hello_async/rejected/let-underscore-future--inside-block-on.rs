//! "block_on runs whatever I call in there": the block ends at once, its task unpolled.

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
    rt.block_on(async {
        let _ = simple_task(log);
    });
}
