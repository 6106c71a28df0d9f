//! Grades `exercises/05_select_cancel_time/retry.rs`: `cargo test --test retry`.

// The tests say `exercise::retry::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/05_select_cancel_time/retry.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/05_select_cancel_time/retry.rs")]
#[allow(dead_code)]
pub mod retry;

mod hidden;
mod visible;
