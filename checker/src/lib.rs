//! Checks exercises of asynclings.
//!
//! One engine, [`check::check`]: a file and an exercise give a
//! [`verdict::Verdict`]. The learner's program, the author's gate and
//! `cargo test` in the kit are callers of it. What the tests themselves saw
//! stands in the crate `record`.

pub mod cancel;
pub mod catalogue;
pub mod check;
pub mod kit;
pub mod problem;
pub mod progress;
pub mod self_grade;
pub mod text;
pub mod verdict;

pub use record;
