//! Grades `exercises/10_in_the_large/measure_and_choose.rs`: `cargo test --test measure_and_choose`.

// The tests say `exercise::measure_and_choose::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/10_in_the_large/measure_and_choose.rs")]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/10_in_the_large/measure_and_choose.rs"
)]
#[allow(dead_code)]
pub mod measure_and_choose;

mod hidden;
mod visible;
