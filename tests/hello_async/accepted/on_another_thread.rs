//! The second beat of an interval; run has another thread drive it, and waits for that thread.

use std::thread;
use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::interval;

pub async fn simple_task(log: &Log) {
    let mut beat = interval(Duration::from_secs(1));
    beat.tick().await; // the first comes at once
    log.add("start");
    beat.tick().await;
    log.add("done");
}

pub fn run(rt: &Runtime, log: &Log) {
    thread::scope(|scope| {
        scope.spawn(|| rt.block_on(simple_task(log)));
    });
}
