//! The one thing the engine does: check a file against an exercise.

use std::path::Path;
use std::sync::Arc;

use crate::cancel::Cancel;
use crate::catalogue::Exercise;
use crate::kit::Kit;
use crate::problem::Result;
use crate::verdict::{Build, CompileMessage, TestResult, Verdict};

/// How to check.
#[derive(Clone)]
pub struct Options {
    /// Which of the two builds.
    pub build: Build,
    /// Whether to take an earlier verdict on the same content, and to keep
    /// this one.
    pub cache: bool,
    /// What cargo prints when it must build the dependencies first.
    pub cargo: CargoOutput,
    /// Told what happens, as it happens, from whatever thread.
    pub on_event: Arc<dyn Fn(Event<'_>) + Send + Sync>,
    /// Stops the check; the verdict is then `Cancelled`.
    pub cancel: Cancel,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            build: Build::Module,
            cache: true,
            cargo: CargoOutput::Terminal,
            on_event: Arc::new(|_| {}),
            cancel: Cancel::new(),
        }
    }
}

/// Where cargo's own progress goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CargoOutput {
    /// Straight to the terminal, with cargo's progress bar.
    Terminal,
    /// Line by line as [`Event::Cargo`]: for a program that draws the screen
    /// itself.
    Events,
}

/// What happens in a check.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The dependencies are not built yet, or have changed: cargo does it now.
    BuildingDependencies,
    /// A line that cargo printed ([`CargoOutput::Events`]).
    Cargo(&'a str),
    /// The compiler runs on the answer and its tests.
    Compiling,
    /// The compiler has said all it has to say.
    Compiled(&'a [CompileMessage]),
    /// The tests begin; there are this many.
    Testing(usize),
    /// A test has ended.
    TestDone(&'a TestResult),
    /// Every test has passed; the compile-fail cases are awaited.
    Misuse,
}

/// Checks the file `answer` as an answer to `exercise`.
///
/// A wrong answer is a verdict, not an error, and so is a compiler that
/// crashed ([`Status::Internal`](crate::verdict::Status::Internal)).
///
/// # Errors
/// The check cannot begin: the answer cannot be read, there is no compiler,
/// the dependencies do not build, the kit lacks the tests.
pub fn check(kit: &Kit, exercise: &Exercise, answer: &Path, options: &Options) -> Result<Verdict> {
    let _ = (kit, exercise, answer, options);
    todo!("the engine is being written")
}

/// What clippy says of the answer in the matters of async that the curriculum
/// warns of. Ask after the verdict, never before: it takes as long as a check.
/// Without clippy there is no advice.
///
/// # Errors
/// As [`check`].
pub fn advice(
    kit: &Kit,
    exercise: &Exercise,
    answer: &Path,
    options: &Options,
) -> Result<Vec<CompileMessage>> {
    let _ = (kit, exercise, answer, options);
    todo!("the engine is being written")
}
