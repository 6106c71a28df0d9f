//! Grades `exercises/11_capstones/crawler.rs`: `cargo test --test crawler`.

// The tests say `exercise::crawler::…`, also when a grader compiles the
// answer as a crate of its own.
extern crate self as exercise;

#[cfg_attr(feature = "solutions", path = "../../solutions/11_capstones/crawler.rs")]
#[cfg_attr(not(feature = "solutions"), path = "../../exercises/11_capstones/crawler.rs")]
#[allow(dead_code)]
pub mod crawler;

mod hidden;
mod visible;
