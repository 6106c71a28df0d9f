//! Drops that panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Drops `value` and tells whether that went without a panic.
///
/// A `Drop` that panics on its own is a failed test like any other; one that
/// panics while a failed test unwinds ends the process, and with it the record.
/// So drop what may panic here, and then ask:
///
/// ```
/// # use kit::{blame, drops_quietly, run_sync};
/// # run_sync(|| {
/// # let connection = 1;
/// let quiet = drops_quietly(connection);
/// blame("async-work-in-drop").because("drop-panicked", &[]).unless(quiet);
/// # });
/// ```
pub fn drops_quietly<T>(value: T) -> bool {
    catch_unwind(AssertUnwindSafe(|| drop(value))).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_drop_is_told_and_goes_no_further() {
        struct Loud;
        impl Drop for Loud {
            fn drop(&mut self) {
                panic!("in drop");
            }
        }
        crate::run_sync(|| {
            assert!(!drops_quietly(Loud));
            assert!(drops_quietly(String::new()));
        });
    }
}
