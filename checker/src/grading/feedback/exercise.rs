//! One exercise on a student's page: how it stands, why, and the way on.

use std::collections::BTreeSet;

use record::pitfall::PitfallText;
use record::{Fact, pitfall};

use super::html::Html;
use super::picture;
use crate::grading::course::points_shown;
use crate::grading::model::{AttemptOutcome, Entry, GradedExercise};
use crate::grading::plain;
use crate::grading::student_view::{Shown, ShownTest, StudentView, shown_to_student, words};
use crate::kit::ExerciseText;
use crate::text::{say, word};
use crate::verdict::{Status, TestOutcome};

/// More messages of the compiler than this are for the terminal.
const MOST_MESSAGES: usize = 3;

/// Longer panic messages are a program's output, not a sentence.
const MOST_PANIC: usize = 600;

/// What a section speaks of.
pub(super) struct Subject<'a> {
    pub column: &'a GradedExercise,
    pub entry: &'a Entry,
    pub text: Option<&'a ExerciseText>,
    pub hints: usize,
}

/// Good, bad, or neither: a class of the page's style.
pub(super) fn colour(entry: &Entry) -> &'static str {
    match &entry.attempt.outcome {
        _ if words::is_open(entry) => "wait",
        AttemptOutcome::Checked(verdict) => match verdict.status {
            Status::Passed => "good",
            Status::NotStarted | Status::Cancelled | Status::Internal => "wait",
            Status::Failed | Status::DoesNotCompile | Status::Hung | Status::Crashed => "bad",
        },
        AttemptOutcome::Refused(_) => "bad",
        AttemptOutcome::Missing | AttemptOutcome::Waiting => "wait",
    }
}

pub(super) fn section(h: &mut Html, subject: &Subject, explained: &mut BTreeSet<String>) {
    let (column, entry) = (subject.column, subject.entry);
    let class = colour(entry);
    h.tag("section", &[("id", &column.name), ("class", class)], |h| {
        h.tag("div", &[("class", "head")], |h| {
            h.tag("h2", &[], |h| {
                h.text(&column.title);
                h.text(" ");
                h.element("code", "", &column.name);
            });
            let (points, max) = (points_shown(entry.mark.points), points_shown(column.max));
            h.element("p", "points", format!("{points} / {max}"));
        });
        h.tag("p", &[("class", "standing")], |h| {
            h.element("span", class, words::standing(entry));
        });
        let reasons = words::reasons(entry);
        if !reasons.is_empty() {
            h.tag("ul", &[("class", "soft")], |h| {
                reasons.iter().for_each(|reason| h.element("li", "", reason));
            });
        }
        let AttemptOutcome::Checked(verdict) = &entry.attempt.outcome else { return };
        let view = shown_to_student(verdict);
        if words::is_open(entry) {
            return;
        }
        why(h, subject, &view, explained);
        tests(h, subject, &view);
        if !view.status.is_passed() {
            hints(h, subject);
        }
    });
}

fn why(h: &mut Html, subject: &Subject, view: &StudentView, explained: &mut BTreeSet<String>) {
    let mut told = view.pitfall.clone();
    match view.main {
        Some(Shown::Test(at)) => {
            if let Some(test) = view.tests.get(at) {
                told = test.pitfall.clone().or(told);
                heading(h, told.as_deref());
                failure(h, subject, test);
            }
        }
        Some(Shown::Misuse(at)) => {
            if let Some(case) = view.misuse.get(at) {
                told = case.pitfall.clone().or(told);
                heading(h, told.as_deref());
                let key = if case.compiled { "misuse-compiles" } else { "misuse-other-error" };
                h.element("p", "", say(key, &[("says", &case.says)]));
            }
        }
        Some(Shown::Message(_)) | None => {
            let first = view.messages.first().and_then(|m| m.pitfall.clone());
            told = first.or(told);
            if !view.status.is_passed() {
                heading(h, told.as_deref());
            }
        }
    }
    if view.status == Status::DoesNotCompile {
        for message in view.messages.iter().take(MOST_MESSAGES) {
            let element = if message.rendered.is_some() { "pre" } else { "p" };
            h.element(element, "", words::message(message, &subject.column.name).trim_end());
        }
    }
    if let Some((id, text)) = told.and_then(|id| pitfall::describe(&id).map(|text| (id, text))) {
        explain(h, text, explained.insert(id));
    }
}

fn heading(h: &mut Html, id: Option<&str>) {
    let Some((id, text)) = id.and_then(|id| Some((id, pitfall::describe(id)?))) else { return };
    h.tag("h3", &[], |h| {
        h.text(&text.title);
        h.text(" ");
        h.element("code", "", id);
    });
    h.element("p", "", &text.say);
}

/// What a test that failed saw.
fn failure(h: &mut Html, subject: &Subject, test: &ShownTest) {
    if let Some(demand) = words::demand(test, subject.text) {
        h.element("p", "soft", say("feedback-demand", &[("demand", &demand)]));
    }
    if test.hidden {
        h.element("p", "soft", say("feedback-hidden", &[("name", &test.name)]));
    }
    let Some(record) = &test.record else { return };
    for fact in record.diagnosis.iter().flat_map(|d| &d.facts) {
        h.element("p", "", record::text::sentence(fact));
    }
    if let Some(panic) = &record.panic {
        let key = if panic.is_todo() { "panic-todo" } else { "panic" };
        let at = panic.location.as_deref().unwrap_or("?");
        let message = plain::block(&panic.message, MOST_PANIC);
        let fact = Fact::new(key).with("at", at).with("message", message);
        h.element("p", "", record::text::sentence(&fact));
    }
    picture::draw(h, record);
    if !test.output.is_empty() {
        h.tag("details", &[], |h| {
            h.element("summary", "", word("printed"));
            h.element("pre", "", &test.output);
        });
    }
}

/// The pitfall in full; folded where it has been explained further up.
fn explain(h: &mut Html, text: &PitfallText, first: bool) {
    let open: &[(&'static str, &str)] = if first { &[("open", "")] } else { &[] };
    h.tag("details", open, |h| {
        h.element("summary", "", word("feedback-explain"));
        h.element("h4", "", word("feedback-why"));
        h.prose(&text.why);
        h.element("h4", "", word("feedback-cure"));
        h.prose(&text.cure);
        for (key, code) in [("feedback-wrong", &text.wrong), ("feedback-right", &text.right)] {
            h.element("h4", "", word(key));
            h.element("pre", "example", code.trim_end());
        }
        h.tag("div", &[("class", "python")], |h| {
            h.element("h4", "", word("feedback-python"));
            h.prose(&text.python);
        });
    });
}

fn tests(h: &mut Html, subject: &Subject, view: &StudentView) {
    if view.tests.is_empty() && view.misuse.is_empty() {
        return;
    }
    let passed = view.tests.iter().filter(|t| t.passed()).count()
        + view.misuse.iter().filter(|c| c.holds).count();
    let all = view.tests.len() + view.misuse.len();
    h.tag("details", &[], |h| {
        let count: [(&str, &dyn std::fmt::Display); 2] = [("passed", &passed), ("all", &all)];
        h.element("summary", "", say("feedback-tests", &count));
        h.tag("ul", &[("class", "tests")], |h| {
            for test in &view.tests {
                let (class, sign) = sign(test.outcome);
                h.tag("li", &[], |h| {
                    h.tag("span", &[("class", &format!("sign {class}"))], |h| h.text(sign));
                    match words::demand(test, subject.text) {
                        Some(demand) => h.text(demand),
                        None => h.text(&test.name),
                    }
                    if !test.passed() {
                        let how = words::outcome(test.outcome);
                        let named = test.pitfall.as_deref().unwrap_or(how);
                        h.element("span", "soft", format!(" ({named})"));
                    }
                });
            }
            for case in &view.misuse {
                let (class, sign) = if case.holds { ("good", "✓") } else { ("bad", "✗") };
                h.tag("li", &[], |h| {
                    h.tag("span", &[("class", &format!("sign {class}"))], |h| h.text(sign));
                    h.text(say("feedback-misuse", &[("says", &case.says)]));
                });
            }
        });
    });
}

fn sign(outcome: TestOutcome) -> (&'static str, &'static str) {
    match outcome {
        TestOutcome::Passed => ("good", "✓"),
        TestOutcome::NotRun => ("wait", "·"),
        _ => ("bad", "✗"),
    }
}

fn hints(h: &mut Html, subject: &Subject) {
    let Some(text) = subject.text else { return };
    let tiers = text.hints.len();
    for (at, hint) in text.hints.iter().take(subject.hints).enumerate() {
        h.tag("details", &[], |h| {
            let values: [(&str, &dyn std::fmt::Display); 2] =
                [("number", &(at + 1)), ("all", &tiers)];
            h.element("summary", "", say("feedback-hint", &values));
            h.prose(hint);
        });
    }
}
