//! "Each poll cooks them all."
use std::future::poll_fn;
use std::task::Poll;

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
    poll_fn(|cx| {
        let mut all = true;
        for s in steps {
            all &= Box::pin(cook(s, log)).as_mut().poll(cx).is_ready();
        }
        if all { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    start.elapsed()
}
