//! Grades `exercises/11_capstones/chat_server.rs`: `cargo test --test chat_server`.

// The tests say `exercise::chat_server::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/11_capstones/chat_server.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/11_capstones/chat_server.rs")]
#[allow(dead_code)]
pub mod chat_server;

mod hidden;
mod visible;
