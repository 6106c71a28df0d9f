//! hello_async: a task that waits a second.
//!
//! You know this from asyncio:
//!
//!     async def simple_task():
//!         print("start"); await asyncio.sleep(1); print("done")
//!
//!     asyncio.run(simple_task())
//!
//! Rust wants the same two things. Every wait is awaited, and a *runtime* runs
//! the outermost future. Python brings its runtime along; here you are handed
//! one. And `log.add` stands for `print`, so that the tests can read along.
//!
//! Below, each of the two is missing once. The compiler sees it: your editor, or
//! `cargo test --test hello_async`, shows a warning in the first function and one
//! in the second. Mend one function, save, read the verdict. Then the other.

use std::time::Duration;

use kit::Log;
use tokio::runtime::Runtime;
use tokio::time::sleep;

/// Logs "start", waits one second, logs "done".
pub async fn simple_task(log: &Log) {
    log.add("start");
    sleep(Duration::from_secs(1)); // TODO: "done" comes at once. Why?
    log.add("done");
}

/// Runs `simple_task` on the runtime `rt`. Returns when the task is done.
///
/// This function is not async: whoever calls it waits here.
pub fn run(rt: &Runtime, log: &Log) {
    // TODO: this builds the task and throws it away. Let the runtime run it.
    let _ = simple_task(log);
}
