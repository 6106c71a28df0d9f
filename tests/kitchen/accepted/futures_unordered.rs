//! A set of futures; the time as a difference of two instants.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
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
    let mut pots: FuturesUnordered<_> = steps.iter().map(|step| cook(step, log)).collect();
    while pots.next().await.is_some() {}
    Instant::now() - start
}
