//! A clock that is moved by hand.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

/// A paused clock goes from timer to timer, so it never goes further than this at once
/// while somebody watches; later on, than this part of the time that has gone by.
const STEP: Duration = Duration::from_millis(100);
const PART: u32 = 600;

/// For as long as this is watched: more than a day. A step takes some microseconds of
/// real time, and tests that wait for an hour should not wait for 36,000 of them.
const STEPS: u32 = 6_000;

/// Watches whether the clock of this runtime jumps, as `tokio::time::advance` makes it:
/// over moments at which timers were to fire. On a paused clock that moves by itself
/// this never happens.
///
/// A jump is seen if it takes 0.2 s, or a three-hundredth of the time that has gone by
/// since the call, whichever is more.
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
    let begin = Instant::now();
    let mut mark = Mark { due: begin + STEP, step: STEP };
    let newest = Arc::new(Mutex::new(Some(mark)));
    let next = newest.clone();
    let task = tokio::spawn(async move {
        for _ in 0..STEPS {
            sleep_until(mark.due).await;
            if mark.was_jumped_over() {
                // The mark stays behind.
                return;
            }
            mark.step = STEP.max((mark.due - begin) / PART);
            mark.due += mark.step;
            *lock(&next) = Some(mark);
        }
        *lock(&next) = None;
    });
    Jumps { mark: newest, task: task.abort_handle() }
}

/// A moment at which the clock stops, and how far away from the last one it is.
#[derive(Clone, Copy, Debug)]
struct Mark {
    due: Instant,
    step: Duration,
}

impl Mark {
    fn was_jumped_over(&self) -> bool {
        Instant::now() >= self.due + self.step
    }
}

/// What [`jumps`] has seen. It watches until this is dropped.
#[derive(Debug)]
pub struct Jumps {
    /// The clock goes no further than this by itself. None when the watch is over.
    mark: Arc<Mutex<Option<Mark>>>,
    task: AbortHandle,
}

impl Jumps {
    /// True once the clock has jumped.
    pub fn seen(&self) -> bool {
        lock(&self.mark).is_some_and(|mark| mark.was_jumped_over())
    }
}

fn lock(mark: &Mutex<Option<Mark>>) -> MutexGuard<'_, Option<Mark>> {
    mark.lock().unwrap_or_else(PoisonError::into_inner)
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

    #[test]
    fn a_jump_is_seen_after_many_hours_too() {
        run(async {
            let jumps = jumps();
            sleep(secs(20 * 3_600)).await;
            assert!(!jumps.seen());
            advance(secs(400)).await;
            assert!(jumps.seen());
        });
    }
}
