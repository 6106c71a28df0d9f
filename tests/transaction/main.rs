//! Grades `exercises/06_guards/transaction.rs`: `cargo test --test transaction`.

// The tests say `exercise::transaction::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/06_guards/transaction.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/06_guards/transaction.rs")]
#[allow(dead_code)]
pub mod transaction;

mod hidden;
mod visible;
