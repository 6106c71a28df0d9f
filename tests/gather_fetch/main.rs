//! Grades `exercises/01_first_awaits/gather_fetch.rs`: `cargo test --test gather_fetch`.

// The tests say `exercise::gather_fetch::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/01_first_awaits/gather_fetch.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/01_first_awaits/gather_fetch.rs")]
#[allow(dead_code)]
pub mod gather_fetch;

mod hidden;
mod visible;
