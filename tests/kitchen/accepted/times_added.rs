//! One step is a dinner too: its times add up in turn, and the longest counts at once. A barrier ends it.

use std::slice::from_ref;
use std::time::Duration;

use futures::future::{join, join_all};
use kit::Log;
use tokio::sync::Barrier;
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
    let mut total = Duration::ZERO;
    for step in steps {
        total += together(from_ref(step), log).await;
    }
    total
}

pub async fn together(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now().into_std(); // the runtime's time, in the type of std
    let all_done = Barrier::new(steps.len() + 1);
    let pots = steps.iter().map(async |step| {
        cook(step, log).await;
        all_done.wait().await;
    });
    join(join_all(pots), all_done.wait()).await;
    Instant::now().into_std() - start
}
