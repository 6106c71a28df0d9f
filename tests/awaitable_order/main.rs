//! Grades `exercises/01_first_awaits/awaitable_order.rs`: `cargo test --test awaitable_order`.

// The tests say `exercise::awaitable_order::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/01_first_awaits/awaitable_order.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/01_first_awaits/awaitable_order.rs")]
#[allow(dead_code)]
pub mod awaitable_order;

mod hidden;
mod visible;
