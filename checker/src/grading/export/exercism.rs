//! What Exercism's test runners write: `results.json`, version 3.

use std::path::Path;

use serde::Serialize;

use super::book::{Book, view};
use super::{Out, Result};
use crate::grading::model::Entry;
use crate::grading::plain;
use crate::grading::student_view::{ShownTest, words};
use crate::text::{say, word};
use crate::verdict::{Status, TestOutcome};

/// Characters of a test's output that Exercism shows; signs of a cut included.
const MOST_OUTPUT: usize = 498;
/// Characters of a message.
const MOST_MESSAGE: usize = 32_000;

#[derive(Serialize)]
struct Results {
    version: u32,
    status: &'static str,
    message: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    status: &'static str,
    message: Option<String>,
    output: Option<String>,
    test_code: String,
}

pub(super) fn write(book: &Book, out: &mut Out) -> Result<()> {
    for student in &book.book.students {
        for (exercise, entry) in book.book.exercises.iter().zip(&student.entries) {
            let place = Path::new(book.file(student)).join(&exercise.name).join("results.json");
            out.put_json(place, &results(book, entry))?;
        }
    }
    Ok(())
}

fn results(book: &Book, entry: &Entry) -> Results {
    // `error` is for what did not come to a single test.
    let error = || {
        let message = Some(plain::block(&book.words(entry), MOST_MESSAGE));
        Results { version: 3, status: "error", message, tests: Vec::new() }
    };
    let Some(view) = view(entry) else { return error() };
    if words::is_open(entry) || view.status == Status::DoesNotCompile {
        return error();
    }
    let exercise = entry.attempt.exercise.as_str();
    let text = book.text(exercise);
    let mut tests: Vec<Test> = view
        .tests
        .iter()
        .map(|test| Test {
            name: test.name.clone(),
            status: status(test.outcome),
            message: (!test.passed())
                .then(|| plain::block(&words::test(test, exercise, text), MOST_MESSAGE)),
            output: (!test.output.is_empty()).then(|| plain::tail(&test.output, MOST_OUTPUT)),
            test_code: code(book, exercise, test),
        })
        .collect();
    tests.extend(view.misuse.iter().map(|case| {
        let key = if case.compiled { "misuse-compiles" } else { "misuse-other-error" };
        Test {
            name: format!("compile_fail::{}", case.name),
            status: if case.holds { "pass" } else { "fail" },
            message: (!case.holds).then(|| say(key, &[("says", &case.says)])),
            output: None,
            test_code: format!("// {}", case.says),
        }
    }));
    let all = tests.iter().all(|t| t.status == "pass");
    if tests.is_empty() || all != view.status.is_passed() {
        return error();
    }
    Results { version: 3, status: if all { "pass" } else { "fail" }, message: None, tests }
}

fn status(outcome: TestOutcome) -> &'static str {
    match outcome {
        TestOutcome::Passed => "pass",
        TestOutcome::Failed => "fail",
        _ => "error",
    }
}

fn code(book: &Book, exercise: &str, test: &ShownTest) -> String {
    let visible = test.demand.as_deref().and_then(|name| book.code(exercise, name));
    visible.map_or_else(|| format!("// {}", word("export-hidden-code")), str::to_owned)
}
