//! Two streams over the steps: one goes on with the next when an item is done, one has them all in flight.

use std::time::Duration;

use futures::{StreamExt, stream};
use kit::Log;
use tokio::time::{Instant, sleep_until};

pub struct Step {
    pub name: &'static str,
    pub minutes: u64,
}

pub async fn cook(step: &Step, log: &Log) {
    log.add(format!("{} on", step.name));
    sleep_until(Instant::now() + Duration::from_secs(60 * step.minutes)).await;
    log.add(format!("{} done", step.name));
}

async fn measured(work: impl Future<Output = ()>) -> Duration {
    let start = Instant::now();
    work.await;
    start.elapsed()
}

pub async fn one_by_one(steps: &[Step], log: &Log) -> Duration {
    measured(stream::iter(steps).for_each(|step| cook(step, log))).await
}

pub async fn together(steps: &[Step], log: &Log) -> Duration {
    measured(stream::iter(steps).for_each_concurrent(None, |step| cook(step, log))).await
}
