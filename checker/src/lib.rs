//! Checks exercises of asynclings.
//!
//! One engine, [`check::check`]: a file and an exercise give a
//! [`verdict::Verdict`]. The learner's program, the author's gate and
//! `cargo test` in the kit are callers of it. What the tests themselves saw
//! stands in the crate `record`.

mod attribute;
mod cache;
pub mod cancel;
mod cases;
pub mod catalogue;
pub mod check;
#[cfg(feature = "learn")]
pub mod commands;
mod compile;
pub mod confine;
mod diagnose;
mod diagnostics;
mod disk;
pub mod edition;
#[cfg(feature = "teach")]
pub mod gate;
mod given;
#[cfg(feature = "teach")]
pub mod grading;
mod hash;
pub mod kit;
mod made;
mod material;
pub mod problem;
mod process;
pub mod progress;
mod run;
mod run_tests;
pub mod self_grade;
mod shared;
pub mod stubs;
pub mod text;
mod toolbox;
mod toolchain;
pub mod verdict;
#[cfg(feature = "learn")]
mod watch;
mod workplace;

pub use record;

// `commands::sample` is a module of a test program, too, and names us so.
#[cfg(test)]
extern crate self as asynclings;
