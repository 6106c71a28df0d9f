//! Grades `exercises/10_in_the_large/tree_walk.rs`: `cargo test --test tree_walk`.

// The tests say `exercise::tree_walk::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/10_in_the_large/tree_walk.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/10_in_the_large/tree_walk.rs")]
#[allow(dead_code)]
pub mod tree_walk;

mod hidden;
mod visible;
