//! What the database says when something is wrong, as a sentence with advice.

use std::path::Path;

use rusqlite::{Error, ErrorCode};

use crate::problem::Problem;

/// Why a transaction was given up.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The database said so.
    Sql(Error),
    /// It holds what this program never wrote.
    Damaged(String),
    /// Something else, already in words.
    Problem(Problem),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Sql(error)
    }
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Trouble::Problem(problem)
    }
}

impl Trouble {
    /// What is kept as JSON cannot be read.
    pub fn json(what: &str, error: &dyn std::fmt::Display) -> Self {
        Trouble::Damaged(format!("{what}: {error}"))
    }

    /// In words, for the store in this file.
    pub fn into_problem(self, path: &Path) -> Problem {
        match self {
            Trouble::Sql(error) => of_sql(path, &error),
            Trouble::Damaged(what) => damaged(path, &what),
            Trouble::Problem(problem) => problem,
        }
    }
}

/// The file is a store and cannot be read.
pub(super) fn damaged(path: &Path, error: &dyn std::fmt::Display) -> Problem {
    Problem::new("store-damaged").with("path", path.display()).with("error", error)
}

/// An error of the database.
pub(super) fn of_sql(path: &Path, error: &Error) -> Problem {
    let problem = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => Problem::new("store-foreign"),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::TypeMismatch) => Problem::new("store-damaged"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Problem::new("store-busy"),
        Some(ErrorCode::DiskFull) => Problem::new("store-disk-full"),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            Problem::new("store-read-only")
        }
        Some(_) => Problem::new("store-failed"),
        None if matches!(error, Error::SqlInputError { .. }) => Problem::new("store-failed"),
        // No error of SQLite itself: a column is not what was written there.
        None => Problem::new("store-damaged"),
    };
    problem.with("path", path.display()).with("error", error)
}
