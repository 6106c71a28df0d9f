//! Grades `exercises/04_tasks_and_threads/spawn_and_join.rs`: `cargo test --test spawn_and_join`.

// The tests say `exercise::spawn_and_join::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/04_tasks_and_threads/spawn_and_join.rs")]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/04_tasks_and_threads/spawn_and_join.rs"
)]
#[allow(dead_code)]
pub mod spawn_and_join;

mod hidden;
mod visible;
