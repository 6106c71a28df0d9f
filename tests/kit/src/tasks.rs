//! Tasks of the runtime that are still alive.

use tokio::runtime::Handle;
use tokio::time::sleep;

use crate::{blame, ms};

/// How many spawned tasks of this runtime have not ended. Aborted tasks count
/// until the runtime has dropped them.
///
/// # Panics
/// Outside a runtime.
pub fn alive_tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// Fails the test if any task is alive at this very point, without giving it
/// another turn.
#[track_caller]
pub fn no_tasks_left(pitfall: &str) {
    let count = alive_tasks();
    blame(pitfall)
        .because("tasks-alive", &[("count", &count), ("expected", &0)])
        .unless(count == 0);
}

/// Fails the test if so many tasks were alive at the moment when their owner returned,
/// which was just now, and says whether they live on (`dropped-handle-detaches`) or were
/// only not waited for (`joinset-drop-unawaited`).
///
/// ```no_run
/// # use kit::*;
/// # async fn shutdown() {}
/// run(async {
///     shutdown().await;
///     no_tasks_were_left(alive_tasks()).await;
/// });
/// ```
pub async fn no_tasks_were_left(count: usize) {
    if count > 0 {
        // What was aborted needs a turn to end.
        sleep(ms(1)).await;
        no_tasks_left("dropped-handle-detaches");
        blame("joinset-drop-unawaited").now();
    }
}
