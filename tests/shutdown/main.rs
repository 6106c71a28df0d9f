//! Grades `exercises/09_structure/shutdown.rs`: `cargo test --test shutdown`.

// The tests say `exercise::shutdown::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/09_structure/shutdown.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/09_structure/shutdown.rs")]
#[allow(dead_code)]
pub mod shutdown;

mod hidden;
mod visible;
