//! Grades `exercises/07_streams/consume.rs`: `cargo test --test consume`.

// The tests say `exercise::consume::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/07_streams/consume.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/07_streams/consume.rs")]
#[allow(dead_code)]
pub mod consume;

mod hidden;
mod visible;
