//! The part that scrolls.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::terminal::Frame;
use unicode_width::UnicodeWidthStr;

use super::super::model::{Advice, Extent, Model, Outcome, Phase, Screen};
use super::{Look, paint};
use crate::commands::page::{Page, Span};
use crate::commands::report::{self, Next};
use crate::commands::{explain, hint, list, style, trace};
use crate::progress::State;
use crate::text::word;

/// Lines of cargo that are shown while it builds.
const CARGO_LINES_SHOWN: usize = 6;

/// Draws the body; returns how much there was to draw.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, look: Look) -> Extent {
    // One column of air on each side.
    let area = Rect { x: area.x + area.width.min(1), width: area.width.saturating_sub(2), ..area };
    let (page, chosen) = page(model, usize::from(area.width));
    let lines = page.lines(usize::from(area.width));
    let extent = Extent { lines: lines.len(), height: usize::from(area.height) };
    let from = match chosen {
        // The chosen line stays in sight, in the middle where possible.
        Some(at) => at.saturating_sub(extent.height / 2),
        None => model.scroll,
    };
    let from = from.min(extent.lines.saturating_sub(extent.height));
    let grey = model.screen == Screen::Verdict && model.is_old_news();
    for ((at, line), y) in lines.iter().enumerate().skip(from).zip(area.y..area.bottom()) {
        let mut painted = paint::line(line, look);
        if grey {
            painted = painted.patch_style(Style::new().add_modifier(Modifier::DIM));
        }
        if chosen == Some(at) {
            painted = painted.patch_style(Style::new().add_modifier(Modifier::REVERSED));
        }
        frame.render_widget(painted, Rect { y, height: 1, ..area });
    }
    extent
}

/// What is to be seen, and which of its rows is chosen.
fn page(model: &Model, width: usize) -> (Page, Option<usize>) {
    let page = match &model.screen {
        Screen::Verdict => verdict(model, width),
        Screen::Hint => hints(model),
        Screen::Explain(id) => explain::page_of(Some(&model.catalogue), id).unwrap_or_default(),
        Screen::Trace => match model.verdict() {
            Some(verdict) => trace::page_of(model.subject(), verdict, width),
            None => Page::new(),
        },
        Screen::Solution(page) => page.clone(),
        Screen::List(chosen) => return exercises(model, *chosen),
        Screen::Help => {
            let mut page = Page::new();
            page.prose(0, style::PLAIN, word("watch-help"));
            page
        }
    };
    (page, None)
}

fn verdict(model: &Model, width: usize) -> Page {
    let subject = model.subject();
    let next = Next::Keys(model.next().map(|at| model.subjects[at].name().to_owned()));
    let mut page = match &model.outcome {
        Outcome::Verdict(verdict) => report::page(subject, verdict, width, &next),
        Outcome::Problem(problem) => problem.clone(),
        Outcome::Nothing => {
            let mut page = Page::new();
            report::background(&mut page, subject);
            page
        }
    };
    if let Some(Phase::Building(lines)) = model.run.as_ref().map(|r| &r.phase) {
        page.gap();
        page.text(0, style::PLAIN, word("watch-building"));
        let last = lines.len().saturating_sub(CARGO_LINES_SHOWN);
        page.block(2, style::DIM, &lines[last..].join("\n"));
    }
    match (&model.advice, &model.run) {
        (Advice::Coming, None) => {
            page.gap();
            page.text(0, style::DIM, word("watch-advice-coming"));
        }
        (Advice::Here(advice), None) => page.append(report::advice(advice)),
        _ => {}
    }
    if let Outcome::Verdict(verdict) = &model.outcome {
        page.append(next.page(subject, verdict));
    }
    page
}

fn hints(model: &Model) -> Page {
    let Some(text) = &model.subject().text else { return Page::new() };
    let seen = model.hints_seen().min(text.hints.len());
    let mut page = hint::page(text, seen);
    let last = seen == text.hints.len();
    let more = match (last, model.has_solutions) {
        (false, _) => "watch-hint-more",
        (true, true) => "watch-hint-last",
        (true, false) => "watch-hint-last-alone",
    };
    page.text(0, style::DIM, word(more));
    page
}

fn exercises(model: &Model, chosen: usize) -> (Page, Option<usize>) {
    let title = |at: usize| model.subjects[at].text.as_ref().map_or("", |t| t.title.as_str());
    let places = 0..model.subjects.len();
    let name_width = model.subjects.iter().map(|s| s.name().width()).max().unwrap_or(0);
    let title_width = places.map(|at| title(at).width()).max().unwrap_or(0);
    let mut page = Page::new();
    let mut chosen_row = None;
    let mut at = 0;
    for (chapter, name) in model.catalogue.chapters.iter().zip(&model.chapters) {
        page.gap();
        page.text(0, style::TITLE, name);
        for exercise in &chapter.exercises {
            if at == chosen {
                chosen_row = Some(page.0.len());
            }
            let here = at == model.at;
            let standing = model.progress.of(&exercise.name);
            let how = if standing.state == State::Passed { style::DIM } else { style::PLAIN };
            let [name, title, points] = list::columns(exercise, title(at), name_width, title_width);
            page.pieces(
                0,
                vec![
                    Span::new(style::KEY, if here { "▸ " } else { "  " }),
                    list::mark(standing.state),
                    Span::new(if here { style::KEY } else { how }, format!(" {name}  ")),
                    Span::new(how, format!("{title}  ")),
                    Span::new(style::DIM, points),
                ],
            );
            at += 1;
        }
    }
    (page, chosen_row)
}
