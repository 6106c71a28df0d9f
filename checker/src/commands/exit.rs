//! How a command ends.

use std::process::ExitCode;

use crate::problem::Problem;

/// What the program's exit code says. They stand in `--help` as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done; for a check: passed.
    Done,
    /// The answer is not right (yet), or was not given.
    NotYet,
    /// A usage error, an unknown name, something that this edition lacks.
    Usage,
    /// The kit or the machine is not in order: nothing could be said.
    Broken,
    /// Stopped from outside, by Ctrl-C as a rule.
    Stopped,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::NotYet => 1,
            Exit::Usage => 2,
            Exit::Broken => 3,
            Exit::Stopped => 130,
        })
    }
}

/// The exit code for what stopped a command.
pub fn of(problem: &Problem) -> Exit {
    const USAGE: [&str; 9] = [
        "author-not-here",
        "author-only",
        "needs-yes",
        "no-solution",
        "unknown-exercise",
        "unknown-exercise-similar",
        "unknown-pitfall",
        "unknown-pitfall-similar",
        "unknown-test",
    ];
    match problem.key() {
        "cancelled" => Exit::Stopped,
        key if USAGE.contains(&key) || key.starts_with("new-") => Exit::Usage,
        "release-inside-kit" | "release-label" | "release-no-chapter" | "release-no-folder"
        | "release-not-empty" => Exit::Usage,
        "submission-nobody" | "submission-not-a-folder" | "submission-one-only" => Exit::Usage,
        _ => Exit::Broken,
    }
}
