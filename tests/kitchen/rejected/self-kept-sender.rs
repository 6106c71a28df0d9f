//! "The channel ends with the last pot": all are done, but the first sender is still here.

use std::time::Duration;

use kit::Log;
use tokio::sync::mpsc;
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
    let (done, mut all_done) = mpsc::channel::<()>(1);
    for &Step { name, minutes } in steps {
        let (log, done) = (log.clone(), done.clone());
        tokio::spawn(async move {
            cook(&Step { name, minutes }, &log).await;
            drop(done);
        });
    }
    all_done.recv().await;
    start.elapsed()
}
