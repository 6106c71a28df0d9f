//! "block_in_place is how one may block": not on the only thread that drives the tasks.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::sleep;

pub async fn simple_task(log: &Log) {
    log.add("start");
    tokio::task::block_in_place(|| {
        tokio::runtime::Handle::current().block_on(sleep(Duration::from_secs(1)));
    });
    log.add("done");
}

pub fn run(rt: &Runtime, log: &Log) {
    rt.block_on(simple_task(log));
}
