//! Gradescope's `results.json`: one test of theirs for each exercise of ours,
//! so that points add up and partial credit is said once.

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::book::{Book, hundredths, view};
use super::{Out, Result};
use crate::grading::model::Entry;
use crate::text::{say, say_fact};

#[derive(Serialize)]
struct Results {
    score: f64,
    /// In whole seconds.
    execution_time: u64,
    output: String,
    output_format: &'static str,
    visibility: &'static str,
    stdout_visibility: &'static str,
    extra_data: Value,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    score: f64,
    max_score: f64,
    status: &'static str,
    name: String,
    number: String,
    output: String,
    output_format: &'static str,
    tags: Vec<String>,
    visibility: &'static str,
    extra_data: Value,
}

pub(super) fn write(book: &Book, out: &mut Out) -> Result<()> {
    for student in &book.book.students {
        let rows = book.book.exercises.iter().zip(&student.entries).enumerate();
        let mut millis = 0;
        let tests: Vec<Test> = rows
            .map(|(at, (exercise, entry))| {
                let view = view(entry);
                millis += view.as_ref().map_or(0, |v| v.millis);
                Test {
                    score: entry.mark.points,
                    max_score: entry.mark.max,
                    status: if is_all(entry) { "passed" } else { "failed" },
                    name: format!("{}: {}", exercise.name, exercise.title),
                    number: (at + 1).to_string(),
                    output: book.words(entry),
                    output_format: "text",
                    tags: view.and_then(|v| v.pitfall).into_iter().collect(),
                    visibility: "visible",
                    extra_data: json!({
                        "earned": entry.mark.earned,
                        "late_seconds": entry.mark.late_seconds,
                    }),
                }
            })
            .collect();
        let points = hundredths(student.points());
        let all = say("export-points", &[("points", &points), ("max", &book.max())]);
        let notes = student.notes.iter().map(|note| format!("\n{}", say_fact(note)));
        let results = Results {
            score: points,
            execution_time: millis.div_ceil(1_000),
            output: all + &crate::grading::plain::block(&notes.collect::<String>(), 8_000),
            output_format: "text",
            visibility: "visible",
            // What the grader itself printed is for instructors.
            stdout_visibility: "hidden",
            extra_data: json!({ "unsandboxed": book.book.unsandboxed }),
            tests,
        };
        out.put_json(Path::new(book.file(student)).join("results.json"), &results)?;
    }
    Ok(())
}

/// Whether the answer was right, whenever it came.
fn is_all(entry: &Entry) -> bool {
    use crate::grading::model::AttemptOutcome::Checked;
    matches!(&entry.attempt.outcome, Checked(v) if v.status.is_passed())
        && entry.mark.earned >= entry.mark.max
}
