//! What of a verdict its student may see.
//!
//! [`shown_to_student`] is the one door. Whatever is handed to students
//! (pages, `results.json`, JUnit) is made from a [`StudentView`], never from a
//! verdict. It lets through:
//!
//! - of a visible test everything: the student has it;
//! - of a hidden test how it ended, its pitfall, and what was measured, but
//!   for names and values that the test brought along: no name, no panic, no
//!   output, no compared values, no log;
//! - of the compiler what it said about the answer's own file and the visible
//!   tests, if nothing in it comes from a hidden one; else only the code and
//!   the line of the answer;
//! - of compile-fail cases everything: they are part of the contract.
//!
//! What the checker says about itself stays with the instructor.

mod message;
mod test;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::{NEEDLE, planted};
pub mod words;

use record::Record;

use super::plain;
use crate::verdict::{Source, Status, TestOutcome, Verdict};

pub use message::ShownMessage;

/// Characters of one sentence, message or name that are shown.
const MOST_LINE: usize = 2_000;
/// Characters of what the compiler or a test printed.
const MOST_BLOCK: usize = 8_000;
/// Messages of the compiler: the rest follows from the first, as a rule.
const MOST_MESSAGES: usize = 5;

/// What of a verdict its student may see. All text in it is fit to be shown:
/// nothing in it is invisible, and nothing endless.
#[derive(Clone, Debug, PartialEq)]
pub struct StudentView {
    /// The exercise's name.
    pub exercise: String,
    /// In one word.
    pub status: Status,
    /// The pitfall to tell first, an id that there is.
    pub pitfall: Option<String>,
    /// What to tell first.
    pub main: Option<Shown>,
    /// Every test in the order of the test files.
    pub tests: Vec<ShownTest>,
    /// What the compiler refused, the most telling first.
    pub messages: Vec<ShownMessage>,
    /// The compile-fail cases.
    pub misuse: Vec<ShownCase>,
    /// How long the check took, in milliseconds.
    pub millis: u64,
}

/// Where to look for what is told first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Index into [`StudentView::tests`].
    Test(usize),
    /// Index into [`StudentView::messages`].
    Message(usize),
    /// Index into [`StudentView::misuse`].
    Misuse(usize),
}

/// A test as its student may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownTest {
    /// The function's name, or of a hidden one its number.
    pub name: String,
    /// By this name the exercise's text has a sentence that says what the test
    /// demands; None for hidden tests.
    pub demand: Option<String>,
    /// It stands in `hidden.rs`.
    pub hidden: bool,
    /// How it ended.
    pub outcome: TestOutcome,
    /// The pitfall that it named, an id that there is.
    pub pitfall: Option<String>,
    /// What it saw, as far as it may be shown: made for
    /// [`record::card`] and [`record::timeline`]. None if it passed.
    pub record: Option<Record>,
    /// What a visible test printed.
    pub output: String,
    /// How long its process ran, in milliseconds.
    pub millis: u64,
}

impl ShownTest {
    /// Whether it passed.
    pub fn passed(&self) -> bool {
        self.outcome == TestOutcome::Passed
    }
}

/// A compile-fail case as its student may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCase {
    /// The case's file name without `.rs`.
    pub name: String,
    /// The compiler refused it, as it should.
    pub holds: bool,
    /// It compiled, although it must not.
    pub compiled: bool,
    /// The misuse, in a sentence.
    pub says: String,
    /// The pitfall of an answer that lets it compile.
    pub pitfall: Option<String>,
}

/// What of this verdict its student may see: the one place where that is
/// decided.
pub fn shown_to_student(verdict: &Verdict) -> StudentView {
    let secrets = message::Secrets::of(verdict);
    let mut numbers = 0;
    let tests = verdict
        .tests
        .iter()
        .map(|test| {
            numbers += usize::from(test.hidden);
            test::shown(test, numbers)
        })
        .collect();
    let main = verdict.main.as_ref();
    let first = main.filter(|m| m.source == Source::Compiler).and_then(|m| m.index);
    let (messages, moved) = message::shown(&verdict.compile, first, &secrets);
    let misuse = verdict.misuse.iter().map(|case| ShownCase {
        name: plain::line(&case.name, MOST_LINE),
        holds: case.holds,
        compiled: case.compiled,
        says: plain::line(&case.says, MOST_LINE),
        pitfall: known(case.pitfall.as_deref()),
    });
    let main_shown = main.and_then(|m| match m.source {
        Source::Test => {
            let at = |name: &String| verdict.tests.iter().position(|t| t.name == *name);
            m.test.as_ref().and_then(at).map(Shown::Test)
        }
        Source::Compiler => moved.map(Shown::Message),
        Source::Misuse => m.index.filter(|i| *i < verdict.misuse.len()).map(Shown::Misuse),
    });
    StudentView {
        exercise: plain::line(&verdict.exercise, MOST_LINE),
        status: verdict.status,
        pitfall: main.and_then(|m| known(m.pitfall.as_deref())),
        main: main_shown,
        tests,
        messages,
        misuse: misuse.collect(),
        millis: verdict.timings.total,
    }
}

/// The id, if there is such a pitfall: a record comes from a process in which
/// a stranger's code ran.
fn known(pitfall: Option<&str>) -> Option<String> {
    pitfall.filter(|id| record::pitfall::get(id).is_some()).map(str::to_owned)
}
