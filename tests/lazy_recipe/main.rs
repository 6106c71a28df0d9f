//! Grades `exercises/01_first_awaits/lazy_recipe.rs`: `cargo test --test lazy_recipe`.

// The tests say `exercise::lazy_recipe::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/01_first_awaits/lazy_recipe.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/01_first_awaits/lazy_recipe.rs")]
#[allow(dead_code)]
pub mod lazy_recipe;

mod hidden;
mod visible;
