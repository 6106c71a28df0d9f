//! What a message changes, and what is to be done about it. Pure: no time, no
//! files, no threads.

use super::keys;
use super::message::{Change, Cmd, Msg, News};
use super::model::{Advice, CARGO_LINES, Model, Outcome, Phase, Run, Screen};
use crate::commands::exit::Exit;
use crate::commands::page::Page;
use crate::commands::run::wants_advice;
use crate::commands::style;
use crate::problem::Problem;
use crate::text::say;
use crate::verdict::{Status, Verdict};

/// What to do when the watch begins.
pub fn begin(model: &mut Model) -> Vec<Cmd> {
    go_to(model, model.at)
}

/// Takes one message.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Cmd> {
    match msg {
        Msg::Key(key) => keys::press(model, key),
        Msg::Resized => Vec::new(),
        Msg::Tick => {
            if let Some(run) = &mut model.run {
                run.ticks += 1;
            }
            Vec::new()
        }
        Msg::Changed => {
            // Whoever saves wants to see what comes of it.
            show(model, Screen::Verdict);
            model.ask = None;
            model.notice.take_if(|notice| !notice.lasting);
            check(model, false)
        }
        Msg::Missing => {
            let text = say("watch-file-missing", &[("file", &model.subject().file)]);
            model.say(text);
            Vec::new()
        }
        Msg::Check(id, news) if id == model.check => checked(model, news),
        Msg::Check(..) => Vec::new(),
        Msg::Progress(Ok((progress, notice))) => {
            model.progress = progress;
            if let Some(notice) = notice {
                model.insist(notice);
            }
            Vec::new()
        }
        Msg::Progress(Err(problem)) => trouble(model, &problem),
        Msg::Reset(Ok(sentence)) => {
            // The stub that is back counts as a save.
            model.insist(sentence);
            record(model, Change::Reopened(model.subject().name().to_owned()))
        }
        Msg::Reset(Err(problem)) => trouble(model, &problem),
        Msg::Difference(at, Ok(page)) => {
            if at != model.at {
                return Vec::new();
            }
            show(model, Screen::Solution(page));
            record(model, Change::GaveUp(model.subject().name().to_owned()))
        }
        Msg::Difference(_, Err(problem)) => trouble(model, &problem),
        Msg::Stop => vec![Cmd::Quit(Exit::Stopped)],
        Msg::Broken => vec![Cmd::Quit(Exit::Broken)],
    }
}

/// Goes to an exercise and checks it.
pub fn go_to(model: &mut Model, at: usize) -> Vec<Cmd> {
    model.at = at;
    model.outcome = Outcome::Nothing;
    model.advice = Advice::None;
    model.notice = None;
    show(model, Screen::Verdict);
    let mut todo = record(model, Change::At(model.subject().name().to_owned()));
    // First to look, then to check: what is saved in between is seen.
    todo.push(Cmd::Watch(at));
    todo.extend(check(model, false));
    todo
}

/// Shows another screen from its top.
pub fn show(model: &mut Model, screen: Screen) {
    model.screen = screen;
    model.scroll = 0;
}

/// Checks the newest content. A check that runs is stale then; the program
/// stops it when the new one begins.
pub fn check(model: &mut Model, again: bool) -> Vec<Cmd> {
    if let Some(run) = &mut model.run
        && matches!(run.phase, Phase::Building(_))
    {
        // Whatever is checked needs these: to stop cargo would only lose time.
        run.stale = true;
        run.again = again;
        return Vec::new();
    }
    model.check += 1;
    model.run = Some(Run { phase: Phase::Starting, ticks: 0, stale: false, again });
    vec![Cmd::Check { id: model.check, exercise: model.at, fresh: again }]
}

/// Remembers a change, here at once and on disk soon.
pub fn record(model: &mut Model, change: Change) -> Vec<Cmd> {
    change.apply(&mut model.progress);
    vec![Cmd::Record(change)]
}

fn checked(model: &mut Model, news: News) -> Vec<Cmd> {
    if let News::Verdict(result) = news {
        return over(model, *result);
    }
    if let News::Advice(messages) = news {
        model.advice = Advice::Here(messages);
        return Vec::new();
    }
    let Some(run) = &mut model.run else { return Vec::new() };
    match news {
        News::Building => run.phase = Phase::Building(Vec::new()),
        News::Cargo(line) => {
            if let Phase::Building(lines) = &mut run.phase {
                lines.push(line);
                let too_many = lines.len().saturating_sub(CARGO_LINES);
                lines.drain(..too_many);
            }
        }
        News::Compiling if run.stale => {
            let again = run.again;
            model.run = None;
            return check(model, again);
        }
        News::Compiling => run.phase = Phase::Compiling,
        News::Testing(all) => run.phase = Phase::Testing { done: 0, all },
        News::TestDone => {
            if let Phase::Testing { done, .. } = &mut run.phase {
                *done += 1;
            }
        }
        News::Misuse => run.phase = Phase::Misuse,
        News::Verdict(_) | News::Advice(_) => {}
    }
    Vec::new()
}

fn over(model: &mut Model, result: Result<Verdict, Problem>) -> Vec<Cmd> {
    let run = model.run.take();
    if let Some(stale) = run.as_ref().filter(|r| r.stale) {
        let again = stale.again;
        return check(model, again);
    }
    model.advice = Advice::None;
    if model.screen == Screen::Verdict {
        model.scroll = 0;
    }
    match result {
        Ok(verdict) => {
            if wants_advice(&verdict) {
                model.advice = Advice::Coming;
            }
            model.outcome = Outcome::Verdict(Box::new(verdict.clone()));
            if verdict.status == Status::Cancelled {
                return Vec::new();
            }
            let again = run.is_some_and(|r| r.again);
            record(model, Change::Verdict(Box::new(verdict), again))
        }
        Err(problem) => {
            let mut page = Page::new();
            if let Some(Phase::Building(lines)) = run.map(|r| r.phase) {
                lines.iter().for_each(|line| page.ansi(2, line));
                page.gap();
            }
            page.text(0, style::BAD, problem.to_string());
            model.outcome = Outcome::Problem(page);
            Vec::new()
        }
    }
}

fn trouble(model: &mut Model, problem: &Problem) -> Vec<Cmd> {
    model.insist(problem.to_string());
    Vec::new()
}
