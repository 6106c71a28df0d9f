//! "It is polled, so it runs": one poll begins the wait, and nobody comes back for the second.

use std::time::Duration;

use futures::FutureExt;
use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::sleep;

pub async fn simple_task(log: &Log) {
    log.add("start");
    let _over = sleep(Duration::from_secs(1)).now_or_never();
    log.add("done");
}

pub fn run(rt: &Runtime, log: &Log) {
    rt.block_on(simple_task(log));
}
