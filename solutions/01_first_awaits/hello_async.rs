//! hello_async: the reference answer.
//!
//! A future is a plan, not work under way. Inside async code `.await` carries
//! the plan out. Somebody must carry out the outermost one, which nobody can
//! await: that is what a runtime is for.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::sleep;

/// Logs "start", waits one second, logs "done".
pub async fn simple_task(log: &Log) {
    log.add("start");
    // Without `.await` this line builds a timer and drops it: no wait at all.
    // With it, the task stops here and the thread is free for others. That is
    // the difference to `std::thread::sleep`, which would keep the thread.
    sleep(Duration::from_secs(1)).await;
    log.add("done");
}

/// Runs `simple_task` on the runtime `rt`. Returns when the task is done.
///
/// This function is not async: whoever calls it waits here.
pub fn run(rt: &Runtime, log: &Log) {
    // The bridge from sync to async: polls the future, and in between lets this
    // thread sleep until a timer wakes the task. It returns when the future
    // does, so the future may borrow `log` (a spawned task could not).
    rt.block_on(simple_task(log));
}
