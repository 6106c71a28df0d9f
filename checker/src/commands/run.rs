//! `run`: one verdict.

use std::sync::Arc;

use super::args::Run;
use super::context::Context;
use super::exit::Exit;
use super::page::Page;
use super::report::{self, Next, Subject};
use super::{place, print, stop, style};
use crate::cancel::Cancel;
use crate::catalogue::Exercise;
use crate::check::{self, Event, Options};
use crate::problem::Result;
use crate::text::word;
use crate::verdict::{Status, Verdict};

/// Checks the exercise and prints the verdict.
///
/// # Errors
/// The check could not begin.
pub fn run(args: &Run) -> Result<Exit> {
    let mut context = Context::open()?;
    let exercise = context.exercise(args.name.name.as_deref())?.clone();
    let json = args.json.json;
    let options = options(stop::on_signal(), args.fresh, json);
    let file = context.kit.stub(&exercise);
    let mut verdict = check::check(&context.kit, &exercise, &file, &options)?;
    context.update(|progress| {
        progress.enter(&verdict, args.fresh);
        progress.current = Some(exercise.name.clone());
    });

    let subject = Subject::of(&context.kit, &exercise);
    if !json {
        let next = place::next(context.kit.catalogue(), &context.progress, &exercise.name);
        let next = Next::Commands(next.map(|e| e.name.clone()));
        let mut page = Page::new();
        page.pieces(0, vec![report::headline(&subject, &verdict)]);
        page.append(report::page(&subject, &verdict, print::width(), &next));
        page.append(next.page(&subject, &verdict));
        print::page(&page);
    }
    if !args.no_advice && wants_advice(&verdict) {
        // Whoever can read the verdict already need not hear that clippy is
        // missing.
        if let Ok(advice) = check::advice(&context.kit, &exercise, &file, &options) {
            verdict.advice = advice;
        }
        if !json {
            // A page of its own begins with no gap.
            let mut page = Page::new();
            page.text(0, style::PLAIN, " ");
            page.append(report::advice(&verdict.advice));
            if !verdict.advice.is_empty() {
                print::page(&page);
            }
        }
    }
    if json {
        print::json(&verdict);
    }
    Ok(exit(verdict.status))
}

/// How `run` and `trace` check.
pub fn options(cancel: Cancel, fresh: bool, quiet: bool) -> Options {
    let on_event = move |event: Event<'_>| {
        if let (Event::BuildingDependencies, false) = (event, quiet) {
            print::notice(word("building-dependencies"));
        }
    };
    Options { cache: !fresh, cancel, on_event: Arc::new(on_event), ..Options::default() }
}

/// Clippy has something to say of what compiles and was written by the
/// learner.
pub fn wants_advice(verdict: &Verdict) -> bool {
    let compiles = matches!(verdict.status, Status::Passed | Status::Failed);
    compiles && !verdict.untouched
}

/// The exit code for a verdict.
pub fn exit(status: Status) -> Exit {
    match status {
        Status::Passed => Exit::Done,
        Status::Failed
        | Status::DoesNotCompile
        | Status::NotStarted
        | Status::Hung
        | Status::Crashed => Exit::NotYet,
        Status::Cancelled => Exit::Stopped,
        Status::Internal => Exit::Broken,
    }
}

/// The verdict of a check of this exercise, for commands that show another
/// side of it.
///
/// # Errors
/// As [`check::check`].
pub fn verdict_of(
    context: &Context,
    exercise: &Exercise,
    fresh: bool,
    quiet: bool,
) -> Result<Verdict> {
    let options = options(stop::on_signal(), fresh, quiet);
    check::check(&context.kit, exercise, &context.kit.stub(exercise), &options)
}
