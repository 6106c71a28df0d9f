//! kitchen: the reference answer.
//!
//! Waiting adds up only when you wait in turn. Nothing here starts a thread: a
//! step that waits gives the thread back, so one thread can look after them all.

use std::time::Duration;

use futures::future::join_all;
use kit::Log;
use tokio::time::{Instant, sleep};

/// One step of a dinner: what is done, and how long it takes.
pub struct Step {
    pub name: &'static str,
    pub minutes: u64,
}

/// Logs "NAME on", waits, logs "NAME done". Leave this one as it is.
pub async fn cook(step: &Step, log: &Log) {
    let _span = kit::span(step.name); // draws a bar in the timeline of your verdict
    log.add(format!("{} on", step.name));
    sleep(Duration::from_secs(60 * step.minutes)).await;
    log.add(format!("{} done", step.name));
}

/// Cooks one step after the other, in order.
///
/// Returns the time that went by between its first poll and its end.
pub async fn one_by_one(steps: &[Step], log: &Log) -> Duration {
    // The runtime's clock, not `std::time::Instant`: in a test the timers run on
    // virtual time, of which the computer's own clock knows nothing.
    let start = Instant::now();
    for step in steps {
        // An await in a loop: the next step is not even built before this one
        // is done. Here that is what we want.
        cook(step, log).await;
    }
    start.elapsed()
}

/// Cooks all steps at once, and is done when the last of them is.
///
/// Returns the time that went by between its first poll and its end.
pub async fn together(steps: &[Step], log: &Log) -> Duration {
    let start = Instant::now();
    // Futures in hand, none begun; `join_all` then polls each of them whenever
    // this function is polled. They stay part of it, so they may borrow `steps`
    // and `log`, and they end with it. Spawned tasks could do neither.
    join_all(steps.iter().map(|step| cook(step, log))).await;
    start.elapsed()
}
