//! "What is spawned into a set is cooked": the set is dropped at the closing brace, and all in it aborted.

use std::time::Duration;

use kit::Log;
use tokio::task::JoinSet;
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
    for step in steps {
        cook(step, log).await;
    }
    start.elapsed()
}

pub async fn together(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    let mut pots = JoinSet::new();
    for &Step { name, minutes } in steps {
        let log = log.clone();
        pots.spawn(async move { cook(&Step { name, minutes }, &log).await });
    }
    start.elapsed()
}
