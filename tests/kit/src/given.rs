//! What an answer may use of the kit.
//!
//! In the grader's build this is all of `kit` that an answer can name: the
//! instruments belong to the tests.

pub use crate::{Log, Span, fake, span};
