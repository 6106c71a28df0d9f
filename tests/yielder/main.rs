//! Grades `exercises/08_async_generators/yielder.rs`: `cargo test --test yielder`.

// The tests say `exercise::yielder::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/08_async_generators/yielder.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/08_async_generators/yielder.rs")]
#[allow(dead_code)]
pub mod yielder;

mod hidden;
mod visible;
