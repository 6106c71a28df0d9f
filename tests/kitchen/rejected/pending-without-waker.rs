//! "I look at the pots when I am polled": with a waker that wakes nobody, there is no next time.

use std::future::poll_fn;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

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
    let mut pots: Vec<_> = steps.iter().map(|step| Box::pin(cook(step, log))).collect();
    poll_fn(|_| {
        let mut cx = Context::from_waker(Waker::noop());
        pots.retain_mut(|pot| pot.as_mut().poll(&mut cx).is_pending());
        if pots.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    start.elapsed()
}
