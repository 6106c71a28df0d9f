//! Grades `exercises/07_streams/data_stream.rs`: `cargo test --test data_stream`.

// The tests say `exercise::data_stream::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/07_streams/data_stream.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/07_streams/data_stream.rs")]
#[allow(dead_code)]
pub mod data_stream;

mod hidden;
mod visible;
