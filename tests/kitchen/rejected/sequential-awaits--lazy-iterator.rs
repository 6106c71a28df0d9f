//! "`map` spawns them all": an iterator is lazy too, so each is spawned when the one before was awaited.

use std::time::Duration;

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
    let start = Instant::now();
    for step in steps {
        cook(step, log).await;
    }
    start.elapsed()
}

pub async fn together(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    let pots = steps.iter().map(|&Step { name, minutes }| {
        let log = log.clone();
        tokio::spawn(async move { cook(&Step { name, minutes }, &log).await })
    });
    for pot in pots {
        pot.await.unwrap();
    }
    start.elapsed()
}
