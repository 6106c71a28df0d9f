//! Grades `exercises/06_guards/async_with.rs`: `cargo test --test async_with`.

// The tests say `exercise::async_with::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/06_guards/async_with.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/06_guards/async_with.rs")]
#[allow(dead_code)]
pub mod async_with;

mod hidden;
mod visible;
