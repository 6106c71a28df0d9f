//! The result of a GitHub Classroom runner: JSON in base64, one text a student
//! for the reporter's `RUNNER_RESULTS`.

use serde::Serialize;

use super::book::{Book, view};
use super::{Out, Result, base64};
use crate::grading::model::{AttemptOutcome, Entry};
use crate::grading::plain;
use crate::grading::student_view::words;
use crate::problem::Problem;
use crate::verdict::Status;

/// It goes through an environment variable, which may hold 128 KiB: with
/// fewer characters of each message, dozens of exercises fit.
const MOST_MESSAGE: usize = 1_000;

#[derive(Serialize)]
struct Results {
    version: u32,
    status: &'static str,
    max_score: f64,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    status: &'static str,
    score: f64,
    message: Option<String>,
    test_code: String,
    filename: String,
    line_no: u32,
    /// In milliseconds.
    duration: u64,
}

pub(super) fn write(book: &Book, out: &mut Out) -> Result<()> {
    for student in &book.book.students {
        let tests: Vec<Test> = student.entries.iter().map(|entry| test(book, entry)).collect();
        let has = |wanted| tests.iter().any(|t| t.status == wanted);
        let status = if has("error") {
            "error"
        } else if has("fail") {
            "fail"
        } else {
            "pass"
        };
        let results = Results { version: 1, status, max_score: book.max(), tests };
        let name = format!("{}.txt", book.file(student));
        let json = serde_json::to_vec(&results).map_err(|e| {
            Problem::io("write", &out.folder.join(&name), &std::io::Error::other(e))
        })?;
        out.put(name, base64::encode(&json).as_bytes())?;
    }
    Ok(())
}

fn test(book: &Book, entry: &Entry) -> Test {
    let exercise = &entry.attempt.exercise;
    let status = match &entry.attempt.outcome {
        _ if words::is_open(entry) => "error",
        AttemptOutcome::Checked(verdict) => match verdict.status {
            Status::Passed => "pass",
            Status::Failed | Status::NotStarted | Status::Hung | Status::Crashed => "fail",
            Status::DoesNotCompile | Status::Cancelled | Status::Internal => "error",
        },
        AttemptOutcome::Missing => "fail",
        AttemptOutcome::Refused(_) | AttemptOutcome::Waiting => "error",
    };
    let view = view(entry);
    let line = view.as_ref().and_then(|v| v.messages.first()).and_then(|m| m.line);
    Test {
        name: exercise.clone(),
        status,
        score: entry.mark.points,
        message: (status != "pass" || !entry.mark.reasons.is_empty())
            .then(|| plain::block(&book.words(entry), MOST_MESSAGE)),
        test_code: format!("cargo test --test {exercise}"),
        filename: format!("{exercise}.rs"),
        line_no: line.unwrap_or(1),
        duration: view.map_or(0, |v| v.millis),
    }
}
