//! "One poll puts it on the stove": all are on at once, but then only one pot at a time is looked after.

use std::time::Duration;

use futures::future::maybe_done;
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
    for step in steps {
        cook(step, log).await;
    }
    start.elapsed()
}

pub async fn together(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    let mut pots: Vec<_> = steps.iter().map(|step| Box::pin(maybe_done(cook(step, log)))).collect();
    for pot in &mut pots {
        let _on = futures::poll!(pot.as_mut());
    }
    for pot in pots {
        pot.await;
    }
    start.elapsed()
}
