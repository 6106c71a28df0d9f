//! Grades `exercises/02_futures_by_hand/coffee_state_machine.rs`: `cargo test --test coffee_state_machine`.

// The tests say `exercise::coffee_state_machine::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(
    feature = "solutions",
    path = "../../solutions/02_futures_by_hand/coffee_state_machine.rs"
)]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/02_futures_by_hand/coffee_state_machine.rs"
)]
#[allow(dead_code)]
pub mod coffee_state_machine;

mod hidden;
mod visible;
