//! Grades `exercises/01_first_awaits/kitchen.rs`: `cargo test --test kitchen`.

// The tests say `exercise::kitchen::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/01_first_awaits/kitchen.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/01_first_awaits/kitchen.rs")]
#[allow(dead_code)]
pub mod kitchen;

mod hidden;
mod visible;
