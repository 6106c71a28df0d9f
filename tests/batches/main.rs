//! Grades `exercises/08_async_generators/batches.rs`: `cargo test --test batches`.

// The tests say `exercise::batches::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/08_async_generators/batches.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/08_async_generators/batches.rs")]
#[allow(dead_code)]
pub mod batches;

mod hidden;
mod visible;
