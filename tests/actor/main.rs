//! Grades `exercises/09_structure/actor.rs`: `cargo test --test actor`.

// The tests say `exercise::actor::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/09_structure/actor.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/09_structure/actor.rs")]
#[allow(dead_code)]
pub mod actor;

mod hidden;
mod visible;
