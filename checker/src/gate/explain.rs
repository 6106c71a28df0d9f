//! A verdict in the words that an author needs.

use record::card;

use crate::catalogue::Exercise;
use crate::kit::ExerciseText;
use crate::text::word;
use crate::verdict::{CompileMessage, Level, Source, Status, TestOutcome, TestResult, Verdict};

/// What a verdict says first, in a word or two: a pitfall, or how it ended.
pub fn name_of(verdict: &Verdict) -> String {
    let is_todo = || verdict.main_test().is_some_and(|t| t.is_todo());
    match (verdict.status, verdict.main.as_ref().and_then(|m| m.pitfall.as_deref())) {
        (Status::Failed | Status::NotStarted, None) if is_todo() => {
            word("gate-got-todo").to_owned()
        }
        (status, pitfall) => name_of_end(status, pitfall),
    }
}

/// The same of a verdict of which no more is known.
pub fn name_of_end(status: Status, pitfall: Option<&str>) -> String {
    if let Some(pitfall) = pitfall {
        return pitfall.to_owned();
    }
    let key = match status {
        Status::Passed => "gate-got-passed",
        Status::DoesNotCompile => "gate-got-errors",
        Status::Hung => "gate-got-hung",
        Status::Crashed => "gate-got-crashed",
        Status::Cancelled => "gate-got-cancelled",
        Status::Internal => "gate-got-internal",
        Status::Failed | Status::NotStarted => "gate-got-failed",
    };
    word(key).to_owned()
}

/// The evidence for it: the card of the test, the compiler's message.
pub fn explain(verdict: &Verdict, exercise: &Exercise, text: Option<&ExerciseText>) -> String {
    if let Some(problem) = &verdict.problem {
        return problem.clone();
    }
    let Some(main) = &verdict.main else { return String::new() };
    match (main.source, main.index) {
        (Source::Compiler, Some(index)) => {
            verdict.compile.get(index).map_or_else(String::new, |m| m.rendered.clone())
        }
        (Source::Compiler, None) => errors(&verdict.compile),
        (Source::Misuse, Some(index)) => {
            verdict.misuse.get(index).map_or_else(String::new, |c| c.says.clone())
        }
        (Source::Misuse, None) => String::new(),
        (Source::Test, _) => {
            verdict.main_test().map_or_else(String::new, |t| card_of(t, exercise, text))
        }
    }
}

fn card_of(test: &TestResult, exercise: &Exercise, text: Option<&ExerciseText>) -> String {
    let demand = text.and_then(|t| t.tests.get(test.short_name())).map(String::as_str);
    let told = match &test.record {
        Some(record) => card::plain(record, &exercise.name, demand),
        None => String::new(),
    };
    if !told.trim().is_empty() {
        return format!("{}\n{told}", test.name);
    }
    let how = match test.outcome {
        TestOutcome::ExitedEarly => "gate-ended-early",
        TestOutcome::Crashed => "gate-ended-crashed",
        TestOutcome::Hung => "gate-ended-hung",
        TestOutcome::NotRun => "gate-ended-not-run",
        TestOutcome::Passed | TestOutcome::Failed => "gate-ended-failed",
    };
    format!("{}: {}\n{}", test.name, word(how), test.output)
}

fn errors(messages: &[CompileMessage]) -> String {
    let errors = messages.iter().filter(|m| m.level == Level::Error);
    errors.map(|m| m.rendered.as_str()).collect::<Vec<_>>().join("\n")
}
