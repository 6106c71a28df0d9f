//! Grades `exercises/06_guards/http_session.rs`: `cargo test --test http_session`.

// The tests say `exercise::http_session::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/06_guards/http_session.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/06_guards/http_session.rs")]
#[allow(dead_code)]
pub mod http_session;

mod hidden;
mod visible;
