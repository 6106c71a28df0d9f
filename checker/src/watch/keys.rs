//! What the keys do.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::message::{Change, Cmd};
use super::model::{Ask, Model, Screen};
use super::update::{check, go_to, record, show};
use crate::commands::exit::Exit;
use crate::progress::State;
use crate::text::word;

/// A key was pressed.
pub fn press(model: &mut Model, key: KeyEvent) -> Vec<Cmd> {
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    model.notice = None;
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match (key.code, control) {
        (KeyCode::Char('c' | 'd'), true) => return vec![Cmd::Quit(Exit::Done)],
        (_, true) => return Vec::new(),
        _ => {}
    }
    if let Some(ask) = model.ask.take() {
        return answer(model, ask, key.code);
    }
    if let Screen::List(chosen) = model.screen
        && let Some(todo) = in_list(model, chosen, key.code)
    {
        return todo;
    }
    match key.code {
        KeyCode::Char('q') => return vec![Cmd::Quit(Exit::Done)],
        KeyCode::Esc | KeyCode::Backspace => show(model, Screen::Verdict),
        KeyCode::Char('h') => return hint(model),
        KeyCode::Char('l') => show(model, Screen::List(model.at)),
        KeyCode::Char('r') => {
            show(model, Screen::Verdict);
            return check(model, true);
        }
        KeyCode::Char('n') => return next(model),
        KeyCode::Char('p') => match model.at.checked_sub(1) {
            Some(before) => return go_to(model, before),
            None => model.say(word("watch-first")),
        },
        KeyCode::Char('e') => match model.pitfall().map(str::to_owned) {
            Some(pitfall) => toggle(model, Screen::Explain(pitfall)),
            None => model.say(word("watch-no-pitfall")),
        },
        KeyCode::Char('t') => match model.verdict() {
            Some(_) => toggle(model, Screen::Trace),
            None => model.say(word("watch-no-trace")),
        },
        KeyCode::Char('s') => return solution(model),
        KeyCode::Char('x') => model.ask = Some(Ask::Reset),
        KeyCode::Char('?') => toggle(model, Screen::Help),
        code => scroll(model, code),
    }
    Vec::new()
}

/// The same key again closes what it has opened.
fn toggle(model: &mut Model, screen: Screen) {
    let screen = if model.screen == screen { Screen::Verdict } else { screen };
    show(model, screen);
}

fn answer(model: &mut Model, ask: Ask, code: KeyCode) -> Vec<Cmd> {
    match (ask, code) {
        (Ask::Reset, KeyCode::Char('y' | 'Y')) => vec![Cmd::Reset(model.at)],
        (Ask::Solution, KeyCode::Char('y' | 'Y')) => vec![Cmd::Difference(model.at)],
        _ => Vec::new(),
    }
}

/// Keys that mean something else in the list; None for all others.
fn in_list(model: &mut Model, chosen: usize, code: KeyCode) -> Option<Vec<Cmd>> {
    let last = model.subjects.len() - 1;
    let page = model.extent.height.max(2) - 1;
    let chosen = match code {
        KeyCode::Enter => return Some(go_to(model, chosen)),
        KeyCode::Char('l') => {
            show(model, Screen::Verdict);
            return Some(Vec::new());
        }
        KeyCode::Up | KeyCode::Char('k') => chosen.saturating_sub(1),
        KeyCode::Down | KeyCode::Char('j') => (chosen + 1).min(last),
        KeyCode::PageUp => chosen.saturating_sub(page),
        KeyCode::PageDown | KeyCode::Char(' ') => (chosen + page).min(last),
        KeyCode::Home | KeyCode::Char('g') => 0,
        KeyCode::End | KeyCode::Char('G') => last,
        _ => return None,
    };
    model.screen = Screen::List(chosen);
    Some(Vec::new())
}

/// The first press shows what was seen already, so that nobody pays for
/// reading a hint twice; the next ones go a tier further.
fn hint(model: &mut Model) -> Vec<Cmd> {
    let Some(text) = &model.subject().text else {
        model.say(word("watch-no-text"));
        return Vec::new();
    };
    let (all, seen) = (text.hints.len(), model.hints_seen());
    let reads_again = seen > 0 && model.screen != Screen::Hint;
    show(model, Screen::Hint);
    // The newest hint stands at the end.
    model.scroll = usize::MAX;
    if reads_again || seen >= all {
        return Vec::new();
    }
    record(model, Change::Hints(model.subject().name().to_owned(), seen as u32 + 1))
}

fn next(model: &mut Model) -> Vec<Cmd> {
    if !model.may_go_on() {
        model.say(word("watch-not-passed"));
        return Vec::new();
    }
    match model.next() {
        Some(next) => go_to(model, next),
        None => {
            model.say(word("watch-all-done"));
            Vec::new()
        }
    }
}

fn solution(model: &mut Model) -> Vec<Cmd> {
    if matches!(model.screen, Screen::Solution(_)) {
        show(model, Screen::Verdict);
        return Vec::new();
    }
    if !model.has_solutions {
        model.say(word("watch-no-solutions"));
        return Vec::new();
    }
    if model.progress.of(model.subject().name()).state == State::Open {
        model.ask = Some(Ask::Solution);
        return Vec::new();
    }
    vec![Cmd::Difference(model.at)]
}

fn scroll(model: &mut Model, code: KeyCode) {
    let page = model.extent.height.max(2) - 1;
    let most = model.most_scroll();
    let to = match code {
        KeyCode::Up | KeyCode::Char('k') => model.scroll.saturating_sub(1),
        KeyCode::Down | KeyCode::Char('j') => model.scroll.saturating_add(1),
        KeyCode::PageUp => model.scroll.saturating_sub(page),
        KeyCode::PageDown | KeyCode::Char(' ') => model.scroll.saturating_add(page),
        KeyCode::Home | KeyCode::Char('g') => 0,
        KeyCode::End | KeyCode::Char('G') => most,
        _ => return,
    };
    model.scroll = to.min(most);
}
