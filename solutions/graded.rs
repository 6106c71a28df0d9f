//! Grades the reference answers: for mutation testing, which changes an answer
//! and then runs the tests of the package that holds it.
//!
//! Asks cargo instead of the checker, so that the compile-fail cases beside
//! this are not built with a checker that they do not need.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let graded = Command::new(env!("CARGO"))
        .args(["test", "--package", "asynclings-exercises", "--features", "solutions"])
        .status();
    match graded {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cargo did not start: {error}");
            ExitCode::FAILURE
        }
    }
}
