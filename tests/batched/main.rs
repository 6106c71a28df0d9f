//! Grades `exercises/07_streams/batched.rs`: `cargo test --test batched`.

// The tests say `exercise::batched::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/07_streams/batched.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/07_streams/batched.rs")]
#[allow(dead_code)]
pub mod batched;

mod hidden;
mod visible;
