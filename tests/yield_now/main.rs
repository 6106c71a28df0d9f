//! Grades `exercises/02_futures_by_hand/yield_now.rs`: `cargo test --test yield_now`.

// The tests say `exercise::yield_now::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/02_futures_by_hand/yield_now.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/02_futures_by_hand/yield_now.rs")]
#[allow(dead_code)]
pub mod yield_now;

mod hidden;
mod visible;
