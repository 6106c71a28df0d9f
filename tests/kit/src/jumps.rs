//! A clock that is moved by hand.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

/// A paused clock goes from timer to timer, so it never goes further than this at once
/// while somebody watches.
const STEP: Duration = Duration::from_millis(100);

/// For as long as this is watched: an hour.
const STEPS: u32 = 36_000;

/// Watches whether the clock of this runtime jumps, as `tokio::time::advance` makes it:
/// over moments at which timers were to fire. On a paused clock that moves by itself
/// this never happens.
///
/// ```
/// # use kit::{jumps, run, secs};
/// # use tokio::time::{advance, sleep};
/// run(async {
///     let jumps = jumps();
///     sleep(secs(1)).await;
///     assert!(!jumps.seen());
///     advance(secs(1)).await;
///     assert!(jumps.seen());
/// });
/// ```
///
/// # Panics
/// Outside of a runtime.
pub fn jumps() -> Jumps {
    let mut due = Instant::now() + STEP;
    let mark = Arc::new(Mutex::new(Some(due)));
    let next = mark.clone();
    let task = tokio::spawn(async move {
        for _ in 0..STEPS {
            sleep_until(due).await;
            if Instant::now() >= due + STEP {
                // It has jumped, and the mark stays behind.
                return;
            }
            due += STEP;
            *lock(&next) = Some(due);
        }
        *lock(&next) = None;
    });
    Jumps { due: mark, task: task.abort_handle() }
}

/// What [`jumps`] has seen. It watches until this is dropped.
#[derive(Debug)]
pub struct Jumps {
    /// The clock goes no further than this by itself. None when the watch is over.
    due: Arc<Mutex<Option<Instant>>>,
    task: AbortHandle,
}

impl Jumps {
    /// True once the clock has jumped.
    pub fn seen(&self) -> bool {
        lock(&self.due).is_some_and(|due| Instant::now() >= due + STEP)
    }
}

fn lock(due: &Mutex<Option<Instant>>) -> MutexGuard<'_, Option<Instant>> {
    due.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Jumps {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, sleep};

    use super::*;
    use crate::{run, secs};

    #[test]
    fn a_clock_that_moves_by_itself_does_not_jump() {
        run(async {
            let jumps = jumps();
            sleep(Duration::from_millis(1_250)).await;
            sleep(secs(7_200)).await;
            assert!(!jumps.seen());
        });
    }

    #[test]
    fn a_jump_is_seen_after_the_first_poll_too() {
        run(async {
            let first = jumps();
            advance(secs(1)).await;
            assert!(first.seen());
            let later = jumps();
            sleep(secs(1)).await;
            advance(secs(1)).await;
            assert!(later.seen());
        });
    }
}
