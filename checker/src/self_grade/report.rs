//! What `cargo test` prints, as text.

use std::fmt::Write as _;

use record::text::sentence;
use record::{Fact, card, pitfall};

use crate::catalogue::Exercise;
use crate::kit::{ExerciseText, Kit};
use crate::problem::Problem;
use crate::text::{say, word};
use crate::verdict::{CompileMessage, MainDiagnosis, Place, Source, Status, Verdict};

/// More errors of the compiler than this are counted, not shown.
const MOST_ERRORS: usize = 3;

/// What became of one exercise: a verdict, or what stopped the checker.
pub(super) type Graded = Result<Verdict, Problem>;

/// The one word after `test NAME ...`.
pub(super) fn outcome(graded: &Graded) -> String {
    let verdict = match graded {
        Ok(verdict) => verdict,
        Err(_) => return say("grade-failed-for", &[("reason", &word("reason-internal"))]),
    };
    let pitfall = verdict.main.as_ref().and_then(|m| m.pitfall.as_deref());
    let reason = pitfall.or(match verdict.status {
        Status::DoesNotCompile => Some(word("reason-does-not-compile")),
        Status::Hung => Some(word("reason-hung")),
        Status::Crashed => Some(word("reason-crashed")),
        Status::Internal => Some(word("reason-internal")),
        Status::Cancelled => Some(word("reason-cancelled")),
        Status::Failed | Status::Passed | Status::NotStarted => None,
    });
    match (verdict.status, reason) {
        (Status::Passed, _) => word("grade-ok").to_owned(),
        (Status::NotStarted, Some(reason)) => say("grade-not-started-for", &[("reason", &reason)]),
        (Status::NotStarted, None) => word("grade-not-started").to_owned(),
        (_, Some(reason)) => say("grade-failed-for", &[("reason", &reason)]),
        (_, None) => word("grade-failed").to_owned(),
    }
}

/// Why an exercise has not passed: its card.
pub(super) fn why(exercise: &Exercise, text: Option<&ExerciseText>, graded: &Graded) -> String {
    let verdict = match graded {
        Ok(verdict) => verdict,
        Err(problem) => return format!("{problem}\n"),
    };
    let mut out = String::new();
    if let Some(problem) = &verdict.problem {
        let _ = writeln!(out, "{problem}");
    }
    if let Some(main) = &verdict.main {
        match main.source {
            Source::Test => out.push_str(&test_card(exercise, text, verdict)),
            Source::Compiler => compiler_card(&mut out, exercise, verdict, main),
            Source::Misuse => misuse_card(&mut out, exercise, verdict, main),
        }
    }
    out
}

fn test_card(exercise: &Exercise, text: Option<&ExerciseText>, verdict: &Verdict) -> String {
    let Some(test) = verdict.main_test() else { return String::new() };
    let demand = text.and_then(|t| t.tests.get(test.short_name()));
    let demand = demand.map(|d| sentence(&Fact::new("demand").with("demand", d)));
    card::plain(&test.shown(), &exercise.name, demand.as_deref())
}

fn compiler_card(out: &mut String, exercise: &Exercise, verdict: &Verdict, main: &MainDiagnosis) {
    let errors: Vec<&CompileMessage> = verdict.errors().collect();
    let Some(first) = main.index.and_then(|i| verdict.compile.get(i)) else { return };
    title(out, exercise, main, word("reason-does-not-compile"));
    if first.place == Place::Signature {
        let line = first.answer_line.map_or(String::new(), |l| format!(":{l}"));
        let _ =
            writeln!(out, "  {}", say("signature", &[("name", &exercise.name), ("line", &line)]));
    }
    let rest = errors.iter().filter(|e| !std::ptr::eq(**e, first) && e.place == first.place);
    for error in std::iter::once(&first).chain(rest).take(MOST_ERRORS) {
        let _ = writeln!(out, "\n{}", indented(&error.rendered));
    }
    if errors.len() > MOST_ERRORS {
        let _ = writeln!(
            out,
            "\n  {}",
            say("more-errors", &[("count", &(errors.len() - MOST_ERRORS))])
        );
    }
    more(out, main);
}

fn misuse_card(out: &mut String, exercise: &Exercise, verdict: &Verdict, main: &MainDiagnosis) {
    let Some(case) = main.index.and_then(|i| verdict.misuse.get(i)) else { return };
    title(out, exercise, main, &case.name);
    let key = if case.compiled { "misuse-compiles" } else { "misuse-other-error" };
    let _ = writeln!(out, "  {}", say(key, &[("says", &case.says)]));
    if let Some(error) = case.got.first() {
        let _ = writeln!(out, "\n{}", indented(&error.rendered));
    }
    more(out, main);
}

fn title(out: &mut String, exercise: &Exercise, main: &MainDiagnosis, otherwise: &str) {
    let pitfall = main.pitfall.as_deref();
    let _ = writeln!(out, "✗ {}: {}", exercise.name, pitfall.unwrap_or(otherwise));
    if let Some(told) = pitfall.and_then(pitfall::describe) {
        let _ = writeln!(out, "  {}", told.say);
    }
}

fn more(out: &mut String, main: &MainDiagnosis) {
    if let Some((id, told)) =
        main.pitfall.as_deref().and_then(|id| Some((id, pitfall::describe(id)?)))
    {
        let _ = writeln!(out, "\n  Python: {}", told.python);
        let _ = writeln!(out, "  {}", sentence(&Fact::new("more").with("pitfall", id)));
    }
}

fn indented(text: &str) -> String {
    let lines = text.trim_end().lines().map(|l| format!("    {l}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// Where the learner stands after all exercises were graded, and what to do
/// next.
pub(super) fn standing(kit: &Kit, passed: &dyn Fn(&Exercise) -> bool) -> String {
    let catalogue = kit.catalogue();
    let done = catalogue.exercises().filter(|e| passed(e)).count();
    let mut out = say("standing", &[("done", &done), ("all", &catalogue.len())]);
    out.push_str("\n\n");
    let chapters = catalogue.chapters.iter().filter(|c| !c.exercises.is_empty());
    let rows: Vec<(String, String)> = chapters
        .map(|chapter| {
            let bar = chapter.exercises.iter().map(|e| if passed(e) { '█' } else { '░' });
            (bar.collect(), kit.chapter_title(chapter))
        })
        .collect();
    let width = rows.iter().map(|(bar, _)| bar.chars().count()).max().unwrap_or(0);
    for (bar, title) in &rows {
        let _ = writeln!(out, "  {bar}{}  {title}", " ".repeat(width - bar.chars().count()));
    }
    out.push('\n');
    match catalogue.exercises().find(|e| !passed(e)) {
        Some(next) => {
            let stub = kit.stub(next);
            let title = kit.text(next).map_or_else(|_| next.name.clone(), |t| t.title);
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("file", &kit.shown(&stub)), ("name", &next.name), ("title", &title)];
            let _ = writeln!(out, "{}", say("next-step", &values));
        }
        None => {
            let _ = writeln!(out, "{}", word("all-passed"));
        }
    }
    out
}

/// The last line, as Rust's own harness writes it.
pub(super) fn result_line(passed: usize, failed: usize, filtered: usize, seconds: f64) -> String {
    let word = if failed == 0 { "ok" } else { "FAILED" };
    format!(
        "test result: {word}. {passed} passed; {failed} failed; 0 ignored; 0 measured; \
         {filtered} filtered out; finished in {seconds:.2}s"
    )
}

#[cfg(test)]
mod tests;
