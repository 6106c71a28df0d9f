//! Grades `exercises/03_event_loop/io_readiness.rs`: `cargo test --test io_readiness`.

// The tests say `exercise::io_readiness::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/03_event_loop/io_readiness.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/03_event_loop/io_readiness.rs")]
#[allow(dead_code)]
pub mod io_readiness;

mod hidden;
mod visible;
