//! Grades `exercises/04_tasks_and_threads/sync_facade.rs`: `cargo test --test sync_facade`.

// The tests say `exercise::sync_facade::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/04_tasks_and_threads/sync_facade.rs")]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/04_tasks_and_threads/sync_facade.rs"
)]
#[allow(dead_code)]
pub mod sync_facade;

mod hidden;
mod visible;
