//! "Time is time": measured with the clock of the computer.

use std::time::{Duration, Instant};

use futures::future::join_all;
use kit::Log;
use tokio::time::sleep;

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
    join_all(steps.iter().map(|step| cook(step, log))).await;
    start.elapsed()
}
