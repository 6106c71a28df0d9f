//! Grades `exercises/02_futures_by_hand/slot.rs`: `cargo test --test slot`.

// The tests say `exercise::slot::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/02_futures_by_hand/slot.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/02_futures_by_hand/slot.rs")]
#[allow(dead_code)]
pub mod slot;

mod hidden;
mod visible;
