//! Grades `exercises/05_select_cancel_time/lines_in_select.rs`: `cargo test --test lines_in_select`.

// The tests say `exercise::lines_in_select::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(
    feature = "solutions",
    path = "../../solutions/05_select_cancel_time/lines_in_select.rs"
)]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/05_select_cancel_time/lines_in_select.rs"
)]
#[allow(dead_code)]
pub mod lines_in_select;

mod hidden;
mod visible;
