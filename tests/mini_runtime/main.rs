//! Grades `exercises/03_event_loop/mini_runtime.rs`: `cargo test --test mini_runtime`.

// The tests say `exercise::mini_runtime::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/03_event_loop/mini_runtime.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/03_event_loop/mini_runtime.rs")]
#[allow(dead_code)]
pub mod mini_runtime;

mod hidden;
mod visible;
