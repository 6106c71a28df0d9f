//! Grades `exercises/02_futures_by_hand/join2.rs`: `cargo test --test join2`.

// The tests say `exercise::join2::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/02_futures_by_hand/join2.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/02_futures_by_hand/join2.rs")]
#[allow(dead_code)]
pub mod join2;

mod hidden;
mod visible;
