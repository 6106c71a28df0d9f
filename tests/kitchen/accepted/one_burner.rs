//! All steps are futures at once, but one_by_one has a single burner, which is fair; the times are those of the steps.

use std::time::Duration;

use futures::future::join_all;
use kit::Log;
use tokio::sync::Semaphore;
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

async fn on(burners: usize, steps: &[Step], log: &Log) -> Duration {
    let burners = Semaphore::new(burners);
    let pots = steps.iter().map(async |step| {
        let start = Instant::now();
        let _burner = burners.acquire().await.expect("nobody closes it");
        cook(step, log).await;
        start.elapsed()
    });
    join_all(pots).await.into_iter().max().unwrap_or_default()
}

pub async fn one_by_one(steps: &[Step], log: &Log) -> Duration {
    on(1, steps, log).await
}

pub async fn together(steps: &[Step], log: &Log) -> Duration {
    on(steps.len(), steps, log).await
}
