//! "A first poll puts them on, then join."

use kit::Log;
use std::time::Duration;
use tokio::time::{Instant, sleep};
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
    let mut pots: Vec<_> = steps.iter().map(|s| Box::pin(cook(s, log))).collect();
    for pot in &mut pots {
        let _on = futures::poll!(pot);
    }
    futures::future::join_all(pots).await;
    start.elapsed()
}
