//! A verdict as a page: what happened, why, and what to do next.

mod compiler;
mod misuse;
mod next;
#[cfg(test)]
mod pages;
mod tests;

use record::pitfall;

use super::page::{Fit, Page, Span};
use super::style;
use crate::catalogue::Exercise;
use crate::kit::{ExerciseText, Kit};
use crate::text::{say, word};
use crate::verdict::{Source, Status, TestResult, Verdict};

pub use compiler::advice;
pub use next::Next;

/// What a verdict speaks of, as far as a page needs it.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The exercise.
    pub exercise: Exercise,
    /// Its text; None if that is missing, which is no reason to be silent.
    pub text: Option<ExerciseText>,
    /// The learner's file, as seen from the kit's root.
    pub file: String,
    /// The lesson, likewise.
    pub lesson: String,
}

impl Subject {
    /// The exercise as it stands in the kit.
    pub fn of(kit: &Kit, exercise: &Exercise) -> Self {
        Subject {
            exercise: exercise.clone(),
            text: kit.text(exercise).ok(),
            file: kit.shown(&kit.stub(exercise)).to_string(),
            lesson: kit.shown(&kit.lesson(exercise)).to_string(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.exercise.name
    }

    /// What the test demands, in a sentence.
    fn demand(&self, test: &TestResult) -> Option<&str> {
        self.text.as_ref()?.tests.get(test.short_name()).map(String::as_str)
    }
}

/// The verdict in a line.
pub fn headline(subject: &Subject, verdict: &Verdict) -> Span {
    let key = match verdict.status {
        Status::Passed => "verdict-passed",
        Status::Failed => "verdict-failed",
        Status::DoesNotCompile => "verdict-does-not-compile",
        Status::NotStarted => "verdict-not-started",
        Status::Hung => "verdict-hung",
        Status::Crashed => "verdict-crashed",
        Status::Cancelled => "verdict-cancelled",
        Status::Internal => "verdict-internal",
    };
    let how = match verdict.status {
        Status::Passed => style::PASSED,
        Status::NotStarted | Status::Cancelled => style::TITLE,
        _ => style::FAILED,
    };
    Span::new(how, say(key, &[("exercise", &subject.name())]))
}

/// The page: `width` bounds its pictures, `next` says how the reader goes on.
/// That itself ([`Next::page`]) comes below, when all is said.
pub fn page(subject: &Subject, verdict: &Verdict, width: usize, next: &Next) -> Page {
    let mut page = Page::new();
    match verdict.status {
        Status::Passed => compiler::warnings(&mut page, verdict),
        Status::NotStarted => not_started(&mut page, subject, verdict, width, next),
        Status::DoesNotCompile => compiler::errors(&mut page, subject, verdict),
        Status::Failed | Status::Hung | Status::Crashed => why(&mut page, subject, verdict, width),
        Status::Cancelled => {}
        Status::Internal => {
            page.text(2, style::PLAIN, verdict.problem.as_deref().unwrap_or("?"));
        }
    }
    if !matches!(verdict.status, Status::Cancelled | Status::Internal) {
        page.gap();
        counts(&mut page, verdict);
    }
    page
}

fn not_started(page: &mut Page, subject: &Subject, verdict: &Verdict, width: usize, next: &Next) {
    if next.names_the_goal() {
        goal(page, subject);
    } else {
        background(page, subject);
    }
    page.gap();
    // A stub that is only wrong has something to say, and so has one that does not
    // compile; `todo!()` has not.
    let is_wrong = verdict.main_test().is_some_and(|t| !t.is_todo());
    if is_wrong || verdict.errors().next().is_some() {
        page.text(0, style::PLAIN, word("not-started-as-it-is"));
        page.gap();
        why(page, subject, verdict, width);
    } else if !verdict.untouched {
        why(page, subject, verdict, width);
    }
}

/// What the exercise is about.
pub fn goal(page: &mut Page, subject: &Subject) {
    if let Some(text) = &subject.text {
        page.text(0, style::TITLE, &text.title);
        page.prose(2, style::PLAIN, &text.goal);
    }
    page.text(2, style::DIM, say("file", &[("file", &subject.file)]));
    background(page, subject);
}

/// What one may know already, and where to read more.
pub fn background(page: &mut Page, subject: &Subject) {
    if let Some(text) = &subject.text {
        page.text(2, style::PYTHON, say("python", &[("python", &text.python)]));
    }
    page.text(2, style::DIM, say("lesson", &[("lesson", &subject.lesson)]));
}

fn why(page: &mut Page, subject: &Subject, verdict: &Verdict, width: usize) {
    match verdict.main.as_ref().map(|m| m.source) {
        Some(Source::Compiler) => compiler::errors(page, subject, verdict),
        Some(Source::Misuse) => misuse::explain(page, subject, verdict),
        Some(Source::Test) | None => tests::explain(page, subject, verdict, width),
    }
}

/// The pitfall as a title, and what it is.
fn name_it(page: &mut Page, subject: &Subject, pitfall: &str) {
    page.text(0, style::FAILED, format!("✗ {}: {pitfall}", subject.name()));
    if let Some(told) = pitfall::describe(pitfall) {
        page.text(2, style::PLAIN, &told.say);
    }
}

/// Where to read more of a named pitfall.
fn more(page: &mut Page, pitfall: Option<&str>) {
    let Some((id, told)) = pitfall.and_then(|id| Some((id, pitfall::describe(id)?))) else {
        return;
    };
    page.text(2, style::PYTHON, say("python", &[("python", &told.python)]));
    page.text(2, style::DIM, say("more", &[("pitfall", &id)]));
}

fn counts(page: &mut Page, verdict: &Verdict) {
    let mut parts = Vec::new();
    for (key, hidden) in [("count-visible", false), ("count-hidden", true)] {
        let of_kind = verdict.tests.iter().filter(|t| t.hidden == hidden);
        let all = of_kind.clone().count();
        let passed = of_kind.filter(|t| t.outcome == crate::verdict::TestOutcome::Passed).count();
        if all > 0 {
            parts.push(say(key, &[("passed", &passed), ("all", &all)]));
        }
    }
    if !verdict.misuse.is_empty() {
        let refused = verdict.misuse.iter().filter(|c| c.holds).count();
        parts.push(say("count-misuse", &[("refused", &refused), ("all", &verdict.misuse.len())]));
    }
    parts.push(took(verdict));
    let line = parts.join(word("count-between"));
    page.row(2, Fit::Words, vec![Span::new(style::DIM, line)]);
}

/// How long it took, and what of it.
fn took(verdict: &Verdict) -> String {
    let t = verdict.timings;
    if verdict.cached {
        return word("took-nothing").to_owned();
    }
    let rest = t.total.saturating_sub(t.compile + t.tests + t.cases);
    // The rest is next to nothing, but for the first time.
    let key = if rest < 2_000 { "took" } else { "took-building" };
    let (all, rest) = (seconds(t.total), seconds(rest));
    let (compile, tests) = (seconds(t.compile), seconds(t.tests));
    say(key, &[("all", &all), ("rest", &rest), ("compile", &compile), ("tests", &tests)])
}

/// Milliseconds as seconds with two digits.
pub fn seconds(millis: u64) -> String {
    format!("{:.2}", millis as f64 / 1000.0)
}
