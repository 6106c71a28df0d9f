//! Grades `exercises/09_structure/limiter.rs`: `cargo test --test limiter`.

// The tests say `exercise::limiter::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/09_structure/limiter.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/09_structure/limiter.rs")]
#[allow(dead_code)]
pub mod limiter;

mod hidden;
mod visible;
