//! kitchen: the same dinner twice, and the clock beside it.
//!
//! You know this from asyncio:
//!
//!     start = loop.time()
//!     for step in steps: await cook(step)                  # 30 + 10 + 15 = 55
//!     await asyncio.gather(*[cook(step) for step in steps])  # the longest: 30
//!     return loop.time() - start
//!
//! Three pots on three burners need no three cooks: most of cooking is waiting.
//! Write both ways, and let each tell how long it took.
//!
//! These 55 minutes pass in no time, because the test's clock is virtual. The
//! runtime's timers go by it, so measure with the same clock.

use std::time::Duration;

use kit::Log;
use tokio::time::sleep;

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
    let _ = (steps, log);
    todo!("cook the steps in turn and measure")
}

/// Cooks all steps at once, and is done when the last of them is.
///
/// Returns the time that went by between its first poll and its end.
pub async fn together(steps: &[Step], log: &Log) -> Duration {
    let _ = (steps, log);
    todo!("cook the steps side by side and measure")
}
