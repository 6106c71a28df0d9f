//! Grades `exercises/10_in_the_large/write_the_tests.rs`: `cargo test --test write_the_tests`.

// The tests say `exercise::write_the_tests::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/10_in_the_large/write_the_tests.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/10_in_the_large/write_the_tests.rs")]
#[allow(dead_code)]
pub mod write_the_tests;

mod hidden;
mod visible;
