//! Polite: it lets others have a turn before anything is on. A recursion that joins the first step with the rest.

use std::time::Duration;

use kit::Log;
use tokio::task::yield_now;
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

async fn all(steps: &[Step], log: &Log) {
    if let [first, rest @ ..] = steps {
        tokio::join!(cook(first, log), Box::pin(all(rest, log)));
    }
}

pub async fn one_by_one(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    for step in steps {
        yield_now().await;
        cook(step, log).await;
    }
    start.elapsed()
}

pub async fn together(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    yield_now().await;
    all(steps, log).await;
    start.elapsed()
}
