//! The compile-fail cases against the reference answers, message by message.
//!
//! A learner's answer is judged by the marked line and its error code alone
//! (see `tests/*/compile_fail`). Here stands the compiler's whole message, in
//! the `.stderr` beside each case, so that an author sees what a learner who
//! tries the misuse would read, and hears of it when a new compiler says it
//! otherwise. To write them anew, and then read them:
//!
//!     TRYBUILD=overwrite cargo test -p asynclings-solutions

#[test]
fn every_misuse_is_refused_in_the_words_that_were_reviewed() {
    trybuild::TestCases::new().compile_fail("../tests/*/compile_fail/*.rs");
}
