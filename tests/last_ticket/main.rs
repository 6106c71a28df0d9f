//! Grades `exercises/04_tasks_and_threads/last_ticket.rs`: `cargo test --test last_ticket`.

// The tests say `exercise::last_ticket::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/04_tasks_and_threads/last_ticket.rs")]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/04_tasks_and_threads/last_ticket.rs"
)]
#[allow(dead_code)]
pub mod last_ticket;

mod hidden;
mod visible;
