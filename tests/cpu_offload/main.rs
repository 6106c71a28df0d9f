//! Grades `exercises/04_tasks_and_threads/cpu_offload.rs`: `cargo test --test cpu_offload`.

// The tests say `exercise::cpu_offload::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/04_tasks_and_threads/cpu_offload.rs")]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/04_tasks_and_threads/cpu_offload.rs"
)]
#[allow(dead_code)]
pub mod cpu_offload;

mod hidden;
mod visible;
