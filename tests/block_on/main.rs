//! Grades `exercises/03_event_loop/block_on.rs`: `cargo test --test block_on`.

// The tests say `exercise::block_on::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/03_event_loop/block_on.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/03_event_loop/block_on.rs")]
#[allow(dead_code)]
pub mod block_on;

mod hidden;
mod visible;
