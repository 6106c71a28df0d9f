//! Grades `exercises/10_in_the_large/traits_and_closures.rs`: `cargo test --test traits_and_closures`.

// The tests say `exercise::traits_and_closures::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/10_in_the_large/traits_and_closures.rs")]
#[cfg_attr(
    not(feature = "solutions"),
    path = "../../exercises/10_in_the_large/traits_and_closures.rs"
)]
#[allow(dead_code)]
pub mod traits_and_closures;

mod hidden;
mod visible;
