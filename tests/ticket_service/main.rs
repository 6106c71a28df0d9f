//! Grades `exercises/11_capstones/ticket_service.rs`: `cargo test --test ticket_service`.

// The tests say `exercise::ticket_service::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/11_capstones/ticket_service.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/11_capstones/ticket_service.rs")]
#[allow(dead_code)]
pub mod ticket_service;

mod hidden;
mod visible;
