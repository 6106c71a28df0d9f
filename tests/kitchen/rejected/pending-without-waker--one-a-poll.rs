//! "One pot that is done for each poll": who else is done waits for a poll that does not come.

use std::future::poll_fn;
use std::task::Poll;
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
    let mut pots: Vec<_> = steps.iter().map(|step| Box::pin(cook(step, log))).collect();
    poll_fn(|cx| {
        for n in 0..pots.len() {
            if pots[n].as_mut().poll(cx).is_ready() {
                drop(pots.swap_remove(n));
                return Poll::Pending;
            }
        }
        if pots.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    start.elapsed()
}
