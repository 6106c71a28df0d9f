//! Grades `exercises/09_structure/nursery.rs`: `cargo test --test nursery`.

// The tests say `exercise::nursery::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/09_structure/nursery.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/09_structure/nursery.rs")]
#[allow(dead_code)]
pub mod nursery;

mod hidden;
mod visible;
