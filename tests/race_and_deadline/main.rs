//! Grades `exercises/02_futures_by_hand/race_and_deadline.rs`: `cargo test --test race_and_deadline`.

// The tests say `exercise::race_and_deadline::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/02_futures_by_hand/race_and_deadline.rs")]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/02_futures_by_hand/race_and_deadline.rs"
)]
#[allow(dead_code)]
pub mod race_and_deadline;

mod hidden;
mod visible;
