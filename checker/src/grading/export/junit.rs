//! JUnit XML: a suite for each exercise of each student.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::book::{Book, view};
use super::{Out, Result};
use crate::grading::course::points_shown;
use crate::grading::model::{Entry, GradedStudent};
use crate::grading::plain;
use crate::grading::student_view::{StudentView, words};
use crate::problem::Problem;
use crate::text::{say, word};
use crate::verdict::{Status, TestOutcome};

/// Characters of what is said about one test.
const MOST: usize = 16_000;

pub(super) fn write(book: &Book, out: &mut Out) -> Result<()> {
    let mut report = Report::new(plain::line(&book.book.title, 200));
    for student in &book.book.students {
        for entry in &student.entries {
            report.add_test_suite(suite(book, student, entry));
        }
    }
    let xml = report.to_string().map_err(|e| {
        Problem::io("write", &out.folder.join("junit.xml"), &std::io::Error::other(e))
    })?;
    out.put("junit.xml", xml.as_bytes())
}

fn suite(book: &Book, student: &GradedStudent, entry: &Entry) -> TestSuite {
    let exercise = entry.attempt.exercise.as_str();
    let id = plain::line(&student.student.id, 200);
    let mut suite = TestSuite::new(format!("{id}.{exercise}"));
    suite.add_property(("points", points_shown(entry.mark.points).as_str()));
    suite.add_property(("max", points_shown(entry.mark.max).as_str()));
    let view = view(entry);
    // What is to be regraded has no result to show.
    let shown = view.as_ref().filter(|_| !words::is_open(entry));
    let cases = shown.map(|view| cases(book, exercise, view)).unwrap_or_default();
    if cases.is_empty() {
        // Without a test it would look like a success.
        suite.add_test_case(whole(book, entry, view.as_ref().map(|v| v.status)));
    }
    for mut case in cases {
        case.set_classname(format!("{id}.{exercise}"));
        suite.add_test_case(case);
    }
    suite.set_time(Duration::from_millis(view.map_or(0, |v| v.millis)));
    suite
}

/// An answer that came to no test, as a test of its own.
fn whole(book: &Book, entry: &Entry, status: Option<Status>) -> TestCase {
    let kind = match status {
        Some(Status::DoesNotCompile | Status::NotStarted) => NonSuccessKind::Failure,
        _ => NonSuccessKind::Error,
    };
    let mut result = TestCaseStatus::non_success(kind);
    result.set_message(words::standing(entry));
    result.set_description(plain::block(&book.words(entry), MOST));
    let mut case = TestCase::new(word("export-whole-answer"), result);
    case.set_classname(entry.attempt.exercise.as_str());
    case
}

fn cases(book: &Book, exercise: &str, view: &StudentView) -> Vec<TestCase> {
    let text = book.text(exercise);
    // What did not compile, or could not be checked, has one thing to say.
    if matches!(view.status, Status::DoesNotCompile | Status::Cancelled | Status::Internal) {
        return Vec::new();
    }
    let mut cases: Vec<TestCase> = Vec::new();
    for test in &view.tests {
        let mut result = match test.outcome {
            TestOutcome::Passed => TestCaseStatus::success(),
            TestOutcome::NotRun => TestCaseStatus::skipped(),
            TestOutcome::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
            _ => TestCaseStatus::non_success(NonSuccessKind::Error),
        };
        if !test.passed() {
            result.set_message(words::outcome(test.outcome));
            result.set_type(test.pitfall.as_deref().unwrap_or("failure"));
            result.set_description(plain::block(&words::test(test, exercise, text), MOST));
        }
        let mut case = TestCase::new(test.name.as_str(), result);
        case.set_time(Duration::from_millis(test.millis));
        cases.push(case);
    }
    for misuse in &view.misuse {
        let mut result = TestCaseStatus::success();
        if !misuse.holds {
            let key = if misuse.compiled { "misuse-compiles" } else { "misuse-other-error" };
            result = TestCaseStatus::non_success(NonSuccessKind::Failure);
            result.set_message(say(key, &[("says", &misuse.says)]));
            result.set_type(misuse.pitfall.as_deref().unwrap_or("failure"));
        }
        cases.push(TestCase::new(format!("compile_fail::{}", misuse.name), result));
    }
    let all = view.tests.iter().all(|t| t.passed()) && view.misuse.iter().all(|c| c.holds);
    if all && !view.status.is_passed() { Vec::new() } else { cases }
}
