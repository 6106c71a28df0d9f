//! Drops that panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::blame;

/// Drops `value` and tells whether that went without a panic.
///
/// A `Drop` that panics on its own is a failed test like any other; one that
/// panics while a failed test unwinds ends the process, and with it the record.
/// So drop what may panic here, and then ask; or see [`drops_anywhere`].
pub fn drops_quietly<T>(value: T) -> bool {
    catch_unwind(AssertUnwindSafe(|| drop(value))).is_ok()
}

/// Drops `value` where it must be able to, and fails the test if that panics: its
/// `Drop` does something that cannot be done everywhere (`async-work-in-drop`).
///
/// ```
/// # use kit::{drops_anywhere, run_sync};
/// # run_sync(|| {
/// # let connection = 1;
/// // This thread is in no runtime.
/// drops_anywhere(connection);
/// # });
/// ```
#[track_caller]
pub fn drops_anywhere<T>(value: T) {
    let quiet = drops_quietly(value);
    blame("async-work-in-drop").because("drop-panicked", &[]).unless(quiet);
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Loud;
    impl Drop for Loud {
        fn drop(&mut self) {
            panic!("in drop");
        }
    }

    #[test]
    fn a_panic_in_drop_is_told_and_goes_no_further() {
        crate::run_sync(|| {
            assert!(!drops_quietly(Loud));
            assert!(drops_quietly(String::new()));
        });
    }

    #[test]
    fn what_cannot_be_dropped_here_is_told_as_such() {
        let record = crate::capture(|| crate::run_sync(|| drops_anywhere(Loud)));
        let told = record.diagnosis.unwrap();
        assert_eq!(told.pitfall.as_deref(), Some("async-work-in-drop"));
        assert!(told.location.is_some_and(|place| place.contains("drops.rs")));
        crate::run_sync(|| drops_anywhere(String::new()));
    }
}
