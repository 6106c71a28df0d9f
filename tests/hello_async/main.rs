//! Grades `exercises/01_first_awaits/hello_async.rs`: `cargo test --test hello_async`.

// The tests say `exercise::hello_async::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/01_first_awaits/hello_async.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/01_first_awaits/hello_async.rs")]
#[allow(dead_code)]
pub mod hello_async;

mod hidden;
mod visible;
