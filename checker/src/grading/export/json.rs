//! Everything in one JSON document, for an instructor's own programs. It names
//! hidden tests; what they hold or said is not in it.

use jiff::Timestamp;
use serde::Serialize;

use super::book::{Book, hundredths, view};
use super::{Out, Result};
use crate::grading::model::{AttemptOutcome, Entry, Mark, Student};
use crate::grading::plain;
use crate::grading::student_view::words;
use crate::text::say_fact;
use crate::verdict::{Status, TestOutcome};

/// Grows when a field changes its meaning or goes away.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Marks<'a> {
    version: u32,
    title: &'a str,
    max: f64,
    unsandboxed: &'a [String],
    exercises: Vec<Exercise<'a>>,
    students: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Exercise<'a> {
    name: &'a str,
    title: &'a str,
    max: f64,
}

#[derive(Serialize)]
struct Row<'a> {
    student: &'a Student,
    submitted: Option<Timestamp>,
    points: f64,
    notes: Vec<String>,
    entries: Vec<Cell<'a>>,
}

#[derive(Serialize)]
struct Cell<'a> {
    exercise: &'a str,
    outcome: &'static str,
    status: Option<Status>,
    /// Nothing is known of it yet, or it is to be regraded.
    open: bool,
    submitted: Option<Timestamp>,
    edition: Option<&'a str>,
    mark: &'a Mark,
    /// The mark's reasons as sentences.
    reasons: Vec<String>,
    pitfall: Option<String>,
    tests: Vec<Test<'a>>,
    misuse: Vec<Misuse<'a>>,
}

#[derive(Serialize)]
struct Test<'a> {
    name: &'a str,
    hidden: bool,
    outcome: TestOutcome,
    pitfall: Option<String>,
    millis: u64,
}

#[derive(Serialize)]
struct Misuse<'a> {
    name: &'a str,
    holds: bool,
}

pub(super) fn write(book: &Book, out: &mut Out) -> Result<()> {
    let exercises = book.book.exercises.iter();
    let students = book.book.students.iter().map(|graded| Row {
        student: &graded.student,
        submitted: graded.submitted,
        points: hundredths(graded.points()),
        notes: graded.notes.iter().map(|n| plain::line(&say_fact(n), 2_000)).collect(),
        entries: graded.entries.iter().map(cell).collect(),
    });
    let marks = Marks {
        version: VERSION,
        title: &book.book.title,
        max: book.max(),
        unsandboxed: &book.book.unsandboxed,
        exercises: exercises
            .map(|e| Exercise { name: &e.name, title: &e.title, max: e.max })
            .collect(),
        students: students.collect(),
    };
    out.put_json("marks.json", &marks)
}

fn cell(entry: &Entry) -> Cell<'_> {
    let attempt = &entry.attempt;
    let view = view(entry);
    let (outcome, verdict) = match &attempt.outcome {
        AttemptOutcome::Checked(verdict) => ("checked", Some(verdict)),
        AttemptOutcome::Refused(_) => ("refused", None),
        AttemptOutcome::Missing => ("missing", None),
        AttemptOutcome::Waiting => ("waiting", None),
    };
    let shown = view.iter().flat_map(|v| &v.tests);
    let tests = verdict.iter().flat_map(|v| &v.tests).zip(shown).map(|(test, shown)| Test {
        name: &test.name,
        hidden: test.hidden,
        outcome: test.outcome,
        pitfall: shown.pitfall.clone(),
        millis: test.millis,
    });
    let misuse = verdict.iter().flat_map(|v| &v.misuse);
    Cell {
        exercise: &attempt.exercise,
        outcome,
        status: verdict.map(|v| v.status),
        open: words::is_open(entry),
        submitted: attempt.submitted,
        edition: attempt.edition.as_deref(),
        mark: &entry.mark,
        reasons: words::reasons(entry),
        tests: tests.collect(),
        misuse: misuse.map(|c| Misuse { name: &c.name, holds: c.holds }).collect(),
        pitfall: view.and_then(|v| v.pitfall),
    }
}
