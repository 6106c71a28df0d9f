//! Grades `exercises/03_event_loop/ready_queue.rs`: `cargo test --test ready_queue`.

// The tests say `exercise::ready_queue::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/03_event_loop/ready_queue.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/03_event_loop/ready_queue.rs")]
#[allow(dead_code)]
pub mod ready_queue;

mod hidden;
mod visible;
