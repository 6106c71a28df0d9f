//! "As many burners as there are steps": without steps that is a buffer of nothing, which never ends.

use std::time::Duration;

use futures::{StreamExt, stream};
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
    on_burners(1, steps, log).await
}

pub async fn together(steps: &[Step], log: &Log) -> Duration {
    on_burners(steps.len(), steps, log).await
}

async fn on_burners(burners: usize, steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    let pots = stream::iter(steps).map(|step| cook(step, log));
    pots.buffer_unordered(burners).for_each(async |()| ()).await;
    start.elapsed()
}
