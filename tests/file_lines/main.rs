//! Grades `exercises/07_streams/file_lines.rs`: `cargo test --test file_lines`.

// The tests say `exercise::file_lines::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/07_streams/file_lines.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/07_streams/file_lines.rs")]
#[allow(dead_code)]
pub mod file_lines;

mod hidden;
mod visible;
