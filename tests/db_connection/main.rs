//! Grades `exercises/06_guards/db_connection.rs`: `cargo test --test db_connection`.

// The tests say `exercise::db_connection::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/06_guards/db_connection.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/06_guards/db_connection.rs")]
#[allow(dead_code)]
pub mod db_connection;

mod hidden;
mod visible;
