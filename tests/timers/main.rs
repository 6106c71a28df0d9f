//! Grades `exercises/03_event_loop/timers.rs`: `cargo test --test timers`.

// The tests say `exercise::timers::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/03_event_loop/timers.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/03_event_loop/timers.rs")]
#[allow(dead_code)]
pub mod timers;

mod hidden;
mod visible;
