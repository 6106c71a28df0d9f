//! Grades `exercises/01_first_awaits/four_patterns.rs`: `cargo test --test four_patterns`.

// The tests say `exercise::four_patterns::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/01_first_awaits/four_patterns.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/01_first_awaits/four_patterns.rs")]
#[allow(dead_code)]
pub mod four_patterns;

mod hidden;
mod visible;
