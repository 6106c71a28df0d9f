//! What the tests of grading share.

pub(crate) mod sample;
