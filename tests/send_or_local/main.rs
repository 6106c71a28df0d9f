//! Grades `exercises/04_tasks_and_threads/send_or_local.rs`: `cargo test --test send_or_local`.

// The tests say `exercise::send_or_local::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/04_tasks_and_threads/send_or_local.rs")]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/04_tasks_and_threads/send_or_local.rs"
)]
#[allow(dead_code)]
pub mod send_or_local;

mod hidden;
mod visible;
