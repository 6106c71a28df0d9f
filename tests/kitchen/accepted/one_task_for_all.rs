//! A task for the whole list, which goes on while nobody polls; and a channel that ends with the last pot.

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

fn owned(steps: &[Step]) -> Vec<Step> {
    steps.iter().map(|step| Step { ..*step }).collect()
}

pub async fn one_by_one(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    let (steps, log) = (owned(steps), log.clone());
    let in_turn = tokio::spawn(async move {
        for step in &steps {
            cook(step, &log).await;
        }
    });
    in_turn.await.expect("cooking does not panic");
    start.elapsed()
}

pub async fn together(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    let (done, mut all_done) = mpsc::channel::<()>(1);
    for step in owned(steps) {
        let (log, done) = (log.clone(), done.clone());
        tokio::spawn(async move {
            cook(&step, &log).await;
            drop(done);
        });
    }
    drop(done);
    all_done.recv().await;
    start.elapsed()
}
