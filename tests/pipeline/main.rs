//! Grades `exercises/09_structure/pipeline.rs`: `cargo test --test pipeline`.

// The tests say `exercise::pipeline::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/09_structure/pipeline.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/09_structure/pipeline.rs")]
#[allow(dead_code)]
pub mod pipeline;

mod hidden;
mod visible;
