//! Grades `exercises/08_async_generators/sensors.rs`: `cargo test --test sensors`.

// The tests say `exercise::sensors::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/08_async_generators/sensors.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/08_async_generators/sensors.rs")]
#[allow(dead_code)]
pub mod sensors;

mod hidden;
mod visible;
