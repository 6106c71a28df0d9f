//! Grades `exercises/06_guards/pool.rs`: `cargo test --test pool`.

// The tests say `exercise::pool::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/06_guards/pool.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/06_guards/pool.rs")]
#[allow(dead_code)]
pub mod pool;

mod hidden;
mod visible;
