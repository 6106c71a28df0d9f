//! "The first line need not wait": it is logged at the call, whether anybody awaits or not.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::sleep;

pub fn simple_task(log: &Log) -> impl Future<Output = ()> {
    log.add("start");
    async {
        sleep(Duration::from_secs(1)).await;
        log.add("done");
    }
}

pub fn run(rt: &Runtime, log: &Log) {
    rt.block_on(simple_task(log));
}
