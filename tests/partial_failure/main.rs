//! Grades `exercises/05_select_cancel_time/partial_failure.rs`: `cargo test --test partial_failure`.

// The tests say `exercise::partial_failure::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(
    feature = "solutions",
    path = "../../solutions/05_select_cancel_time/partial_failure.rs"
)]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/05_select_cancel_time/partial_failure.rs"
)]
#[allow(dead_code)]
pub mod partial_failure;

mod hidden;
mod visible;
