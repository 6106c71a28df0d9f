//! "block_on waits for a future": inside the runtime it may not, as nobody else would be looked after.

use std::time::Duration;

use futures::executor::block_on;
use futures::future::join_all;
use kit::Log;
use tokio::time::{Instant, sleep};

pub struct Step {
    pub name: &'static str,
    pub minutes: u64,
}

pub async fn cook(step: &Step, log: &Log) {
    let _span = kit::span(step.name);
    log.add(format!("{} on", step.name));
    sleep(Duration::from_secs(60 * step.minutes)).await;
    log.add(format!("{} done", step.name));
}

pub async fn one_by_one(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    for step in steps {
        cook(step, log).await;
    }
    start.elapsed()
}

pub async fn together(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    block_on(join_all(steps.iter().map(|step| cook(step, log))));
    start.elapsed()
}
