//! A student's view in plain words, for formats that hold text.

use record::card;

use super::{Shown, ShownMessage, ShownTest, StudentView};
use crate::grading::model::{AttemptOutcome, Entry};
use crate::kit::ExerciseText;
use crate::text::{say, say_fact, word};
use crate::verdict::{Place, Status, TestOutcome};

/// How an answer stands, in a few words.
pub fn status(status: Status) -> &'static str {
    word(match status {
        Status::Passed => "view-status-passed",
        Status::Failed => "view-status-failed",
        Status::DoesNotCompile => "view-status-does-not-compile",
        Status::NotStarted => "view-status-not-started",
        Status::Hung => "view-status-hung",
        Status::Crashed => "view-status-crashed",
        Status::Cancelled | Status::Internal => "view-status-not-checked",
    })
}

/// Whether nothing is known of it yet, and that is not its student's doing: its
/// turn has not come, or it is to be regraded.
pub fn is_open(entry: &Entry) -> bool {
    match &entry.attempt.outcome {
        AttemptOutcome::Waiting => true,
        AttemptOutcome::Refused(_) | AttemptOutcome::Missing => false,
        AttemptOutcome::Checked(verdict) => {
            matches!(verdict.status, Status::Internal | Status::Cancelled)
                || entry.mark.reasons.iter().any(|r| r.key == REGRADE)
        }
    }
}

/// The reason of a mark that is none yet.
const REGRADE: &str = "course-to-be-regraded";

/// How an entry stands, in a few words.
pub fn standing(entry: &Entry) -> &'static str {
    match &entry.attempt.outcome {
        AttemptOutcome::Checked(_) if is_open(entry) => word("view-status-not-checked"),
        AttemptOutcome::Checked(verdict) => status(verdict.status),
        AttemptOutcome::Refused(_) => word("view-status-refused"),
        AttemptOutcome::Missing => word("view-status-missing"),
        AttemptOutcome::Waiting => word("view-status-waiting"),
    }
}

/// How a test ended, in a word or two.
pub fn outcome(outcome: TestOutcome) -> &'static str {
    word(match outcome {
        TestOutcome::Passed => "view-test-passed",
        TestOutcome::Failed => "view-test-failed",
        TestOutcome::ExitedEarly => "view-test-exited",
        TestOutcome::Crashed => "view-test-crashed",
        TestOutcome::Hung => "view-test-hung",
        TestOutcome::NotRun => "view-test-not-run",
    })
}

/// Why a test failed: its card, and what it printed. Empty if it passed.
pub fn test(test: &ShownTest, exercise: &str, text: Option<&ExerciseText>) -> String {
    let Some(record) = &test.record else { return String::new() };
    // The card itself is titled by the pitfall.
    let mut all = if test.hidden { format!("{}:\n", test.name) } else { String::new() };
    all.push_str(&card::plain(record, exercise, demand(test, text)));
    if !test.output.is_empty() {
        all.push_str(&format!("\n  {}\n", word("printed")));
        test.output.lines().for_each(|line| all.push_str(&format!("    {line}\n")));
    }
    all
}

/// What a test demands, if its student may know.
pub fn demand<'a>(test: &ShownTest, text: Option<&'a ExerciseText>) -> Option<&'a str> {
    text?.tests.get(test.demand.as_deref()?).map(String::as_str)
}

/// What the compiler said.
pub fn message(message: &ShownMessage, exercise: &str) -> String {
    let line = message.line.map_or(String::new(), |line| format!(":{line}"));
    let mut all = String::new();
    if matches!(message.place, Place::Signature | Place::Gate) {
        all = say("signature", &[("name", &exercise), ("line", &line)]) + "\n";
    }
    match &message.rendered {
        Some(rendered) => all + rendered + "\n",
        None => {
            let code = message.code.as_deref().unwrap_or("error");
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("code", &code), ("name", &exercise), ("line", &line)];
            all + &say("view-withheld", &values) + "\n"
        }
    }
}

/// Why an answer is not right, the most telling first. Empty if it is.
pub fn why(view: &StudentView, text: Option<&ExerciseText>) -> String {
    let mut parts = Vec::new();
    if view.status == Status::DoesNotCompile {
        parts.extend(view.messages.iter().map(|m| message(m, &view.exercise)));
    }
    let main = match view.main {
        Some(Shown::Test(at)) => view.tests.get(at),
        _ => None,
    };
    let failed = view.tests.iter().filter(|t| !t.passed());
    let others = failed.clone().filter(|t| main.is_none_or(|m| !std::ptr::eq(*t, m)));
    let told = main.into_iter().chain(others);
    parts.extend(told.map(|t| test(t, &view.exercise, text)));
    for case in view.misuse.iter().filter(|c| !c.holds) {
        let key = if case.compiled { "misuse-compiles" } else { "misuse-other-error" };
        parts.push(say(key, &[("says", &case.says)]) + "\n");
    }
    parts.join("\n")
}

/// All there is to say of an entry: how it stands, why its mark is what it is,
/// and why the answer is not right.
pub fn entry(entry: &Entry, view: Option<&StudentView>, text: Option<&ExerciseText>) -> String {
    let mut all = format!("{}\n", standing(entry));
    all.extend(reasons(entry).into_iter().map(|reason| format!("{reason}\n")));
    let why = view.map(|view| why(view, text)).unwrap_or_default();
    if !why.is_empty() {
        all.push_str(&format!("\n{why}"));
    }
    all
}

/// Why a mark is what it is, in sentences fit to be shown.
pub fn reasons(entry: &Entry) -> Vec<String> {
    let said = |fact| super::plain::line(&say_fact(fact), super::MOST_LINE);
    entry.mark.reasons.iter().map(said).collect()
}
