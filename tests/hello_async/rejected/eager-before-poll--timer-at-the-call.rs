//! "Set the timer first, then log": but the timer counts from the call, whenever the task is awaited.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::sleep;

pub fn simple_task(log: &Log) -> impl Future<Output = ()> {
    let second = sleep(Duration::from_secs(1));
    async move {
        log.add("start");
        second.await;
        log.add("done");
    }
}

pub fn run(rt: &Runtime, log: &Log) {
    rt.block_on(async { simple_task(log).await });
}
