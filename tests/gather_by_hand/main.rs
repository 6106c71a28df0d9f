//! Grades `exercises/02_futures_by_hand/gather_by_hand.rs`: `cargo test --test gather_by_hand`.

// The tests say `exercise::gather_by_hand::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/02_futures_by_hand/gather_by_hand.rs")]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/02_futures_by_hand/gather_by_hand.rs"
)]
#[allow(dead_code)]
pub mod gather_by_hand;

mod hidden;
mod visible;
