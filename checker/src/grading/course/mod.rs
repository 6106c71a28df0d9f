//! What a course demands, and what an attempt is worth.
//!
//! An instructor writes it down in `course.toml`: points, weights of tests,
//! dates, what being late costs, limits. Without that file everything is as
//! the catalogue has it. Marks are reckoned in hundredths of a point, in whole
//! numbers, so that a student can do the sum by hand and gets the same.

mod crates;
mod due;
mod file;
mod gradebook;
mod marking;
mod points;
mod sheet;
mod weights;

use std::collections::BTreeMap;
use std::path::Path;

use crate::kit::Kit;
use crate::problem::Result;

pub use due::Late;
pub use gradebook::{HandedIn, gradebook};
pub use points::shown as points_shown;

use due::Due;
use points::Cents;
use weights::Check;

/// What a course demands.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Its name, as it stands above mark sheets.
    pub title: String,
    /// What being late costs.
    pub late: Late,
    /// How an answer that is not right is valued.
    pub partial: Partial,
    /// What the sandbox allows a submission.
    pub limits: Limits,
    /// What a submission may be made of.
    pub policy: Policy,
    /// In the order of the catalogue.
    exercises: Vec<Graded>,
    /// Days more, by the student's id.
    extensions: BTreeMap<String, u32>,
}

/// An exercise that is graded.
#[derive(Clone, Debug, PartialEq)]
struct Graded {
    name: String,
    max: Cents,
    due: Option<Due>,
    checks: Vec<Check>,
}

/// How an answer that is not right is valued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// Whether there is anything for a part.
    pub credit: Credit,
    /// Hundredths of a percent of the points, for an answer that compiles and
    /// was begun, whatever its tests say.
    pub(super) compiles: u32,
}

/// Whether there is anything for a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credit {
    /// Each test that passed counts with its weight.
    Weights,
    /// Nothing, unless everything passed.
    AllOrNothing,
}

/// What the sandbox allows a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Real time for one test, in seconds.
    pub test_seconds: u32,
    /// Real time for one run of the compiler, in seconds.
    pub compile_seconds: u32,
    /// Memory, in MiB.
    pub memory_mib: u32,
    /// Processes and threads at a time.
    pub processes: u32,
    /// What a test may print, in KiB; the rest is cut.
    pub output_kib: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            test_seconds: 10,
            compile_seconds: 120,
            memory_mib: 2048,
            processes: 64,
            output_kib: 64,
        }
    }
}

/// What a submission may be made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What becomes of `unsafe`.
    pub unsafe_code: UnsafeCode,
    /// The crates that an answer may use, by their names in a manifest.
    pub crates: Vec<String>,
}

/// What becomes of `unsafe` in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsafeCode {
    /// The compiler refuses it.
    Forbid,
}

impl Course {
    /// A policy file with all that can be said in it, to begin one's own from.
    pub const EXAMPLE: &str = include_str!("example.toml");

    /// Reads `course.toml`.
    ///
    /// # Errors
    /// The file cannot be read, is not TOML of this shape, names an exercise,
    /// a test or a crate that there is not, or says something that cannot be;
    /// with the line and what to do. Or the kit's tests cannot be read.
    pub fn read(path: &Path, kit: &Kit) -> Result<Self> {
        file::read(path, kit)
    }

    /// A course without a file: every exercise, the catalogue's points, no
    /// dates.
    ///
    /// # Errors
    /// The kit's tests cannot be read.
    pub fn default_for(kit: &Kit) -> Result<Self> {
        file::parse("", Path::new("course.toml"), kit)
    }

    /// The names of the graded exercises, in the order of the catalogue.
    pub fn exercises(&self) -> impl Iterator<Item = &str> {
        self.exercises.iter().map(|e| e.name.as_str())
    }

    /// The students who have more time, by id: for a look whether the roster
    /// knows them all.
    pub fn extended(&self) -> impl Iterator<Item = &str> {
        self.extensions.keys().map(String::as_str)
    }

    fn graded(&self, exercise: &str) -> Option<&Graded> {
        self.exercises.iter().find(|e| e.name == exercise)
    }
}
