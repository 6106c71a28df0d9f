//! A panic that stopped at its task.

use std::panic::resume_unwind;

use crate::recorder;

/// Ends the test with the last panic on this thread, if there was one.
///
/// A panic ends its task and no more. Where nobody looks at the handle all that a
/// test sees is that something does not come. Said before that is blamed on anything
/// else, the verdict has the words of the panic, and the line.
///
/// ```no_run
/// # use kit::*;
/// # async fn tea() -> Option<u32> { Some(1) }
/// run(async {
///     let cup = tea().await;
///     if cup.is_none() {
///         tell_panic();
///     }
///     blame("lazy-never-awaited").unless(cup.is_some());
/// });
/// ```
pub fn tell_panic() {
    if let Some(message) = recorder::last_panic() {
        // Not a new panic: the record has the place of the old one.
        resume_unwind(Box::new(message));
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::yield_now;

    use super::*;
    use crate::{capture, plainly, run};

    #[test]
    fn the_panic_of_a_task_is_told_with_its_place() {
        let record = capture(|| {
            run(async {
                drop(tokio::spawn(async { panic!("out of {}", "milk") }));
                yield_now().await;
                tell_panic();
                plainly().now();
            });
        });
        let panic = record.panic.unwrap();
        assert_eq!(panic.message, "out of milk");
        assert!(panic.location.unwrap().contains("tell_panic.rs"));
    }

    #[test]
    fn one_that_has_a_name_is_told_by_it() {
        let record = capture(|| {
            run(async {
                drop(tokio::spawn(async { *tokio::sync::Mutex::new(()).blocking_lock() }));
                yield_now().await;
                tell_panic();
            });
        });
        assert_eq!(record.diagnosis.unwrap().pitfall.as_deref(), Some("nested-block-on"));
    }

    #[test]
    fn without_a_panic_there_is_nothing_to_tell() {
        run(async { tell_panic() });
    }
}
