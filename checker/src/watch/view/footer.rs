//! Below the body: the chapters, and what the keys do.

use anstyle::Style;
use ratatui::layout::Rect;
use ratatui::terminal::Frame;

use super::super::model::{Ask, Model, Screen};
use super::{Look, paint};
use crate::commands::page::{Fit, Page, Span};
use crate::commands::wrap::width_of;
use crate::commands::{list, style};
use crate::progress::State;
use crate::text::word;

/// Draws the lowest rows: the keys always, the chapters if there are two.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, look: Look) {
    if area.height == 0 {
        return;
    }
    let width = usize::from(area.width);
    let mut rows = lowest(model, width);
    // A long sentence takes the chapters' place for as long as it stands.
    rows.truncate(usize::from(area.height));
    if rows.len() < usize::from(area.height) {
        rows.insert(0, cut(chapters(model, width), width));
    }
    for (line, y) in rows.iter().zip(area.y..area.bottom()) {
        frame.render_widget(paint::line(line, look), Rect { y, height: 1, ..area });
    }
}

fn cut(spans: Vec<Span>, width: usize) -> Vec<Span> {
    let mut page = Page::new();
    page.row(0, Fit::Cut, spans);
    page.lines(width).remove(0)
}

fn sentence(how: Style, text: &str, width: usize) -> Vec<Vec<Span>> {
    let mut page = Page::new();
    page.text(1, how, text);
    page.lines(width)
}

/// A mark for each exercise; where that is too wide, two numbers a chapter.
fn chapters(model: &Model, width: usize) -> Vec<Span> {
    let all = marks(model);
    if width_of(&all) <= width { all } else { numbers(model) }
}

fn marks(model: &Model) -> Vec<Span> {
    let mut row = Vec::new();
    for chapter in &model.catalogue.chapters {
        row.push(Span::new(style::DIM, format!(" {} ", chapter.number)));
        for exercise in &chapter.exercises {
            let here = exercise.name == model.subject().name();
            let state = model.progress.of(&exercise.name).state;
            let how = if state == State::Passed { style::PASSED } else { style::KEY };
            row.push(if here { Span::new(how, "▸") } else { list::mark(state) });
        }
        row.push(Span::new(style::PLAIN, " "));
    }
    row
}

fn numbers(model: &Model) -> Vec<Span> {
    let here = &model.subject().exercise.folder;
    let mut row = Vec::new();
    for chapter in &model.catalogue.chapters {
        let passed = chapter.exercises.iter().filter(|e| model.progress.is_passed(&e.name)).count();
        let all = chapter.exercises.len();
        let how = match () {
            () if chapter.folder == *here => style::KEY,
            () if passed == all => style::GOOD,
            () => style::PLAIN,
        };
        row.push(Span::new(style::DIM, format!(" {}:", chapter.number)));
        row.push(Span::new(how, format!("{passed}/{all}")));
    }
    row
}

/// A question, a notice or the keys.
fn lowest(model: &Model, width: usize) -> Vec<Vec<Span>> {
    let question = |key| {
        let text = format!("{} {}", word(key), word("watch-yes-or-no"));
        sentence(style::WARN.bold(), &text, width)
    };
    match (model.ask, &model.notice) {
        (Some(Ask::Reset), _) => question("watch-ask-reset"),
        (Some(Ask::Solution), _) => question("watch-ask-solution"),
        (None, Some(notice)) => sentence(style::WARN, &notice.text, width),
        (None, None) => vec![cut(keys(model, width), width)],
    }
}

/// The keys that do something now. Where not all fit, those go first that one
/// needs least; `?` shows them all.
fn keys(model: &Model, width: usize) -> Vec<Span> {
    if matches!(model.screen, Screen::List(_)) {
        return vec![Span::new(style::DIM, format!(" {}", word("watch-list-keys")))];
    }
    // With its rank: the higher, the sooner it goes.
    let all = [
        ("n", "key-next", 2, model.may_go_on()),
        ("h", "key-hint", 1, true),
        ("l", "key-list", 3, true),
        ("r", "key-run", 5, true),
        ("e", "key-explain", 4, model.pitfall().is_some()),
        ("t", "key-trace", 6, model.verdict().is_some()),
        ("s", "key-solution", 7, model.has_solutions),
        ("x", "key-reset", 8, true),
        ("?", "key-help", 0, true),
        ("q", "key-quit", 0, true),
    ];
    let mut keys: Vec<_> = all.into_iter().filter(|key| key.3).collect();
    loop {
        let mut row: Vec<Span> = keys.iter().flat_map(|key| one(key.0, key.1)).collect();
        row.pop();
        let last = keys.iter().map(|key| key.2).max().unwrap_or(0);
        if width_of(&row) <= width || last == 0 {
            return row;
        }
        keys.retain(|key| key.2 != last);
    }
}

fn one(key: &str, what: &str) -> [Span; 3] {
    [
        Span::new(style::KEY, format!(" {key}")),
        Span::new(style::PLAIN, format!(" {}", word(what))),
        Span::new(style::PLAIN, " "),
    ]
}
