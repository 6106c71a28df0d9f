//! Grades `exercises/05_select_cancel_time/deadline_loop.rs`: `cargo test --test deadline_loop`.

// The tests say `exercise::deadline_loop::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/05_select_cancel_time/deadline_loop.rs")]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/05_select_cancel_time/deadline_loop.rs"
)]
#[allow(dead_code)]
pub mod deadline_loop;

mod hidden;
mod visible;
