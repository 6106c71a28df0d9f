//! Tasks of the runtime that are still alive.

use tokio::runtime::Handle;

use crate::blame;

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
