//! Above the body: which exercise it is, and how it stands.

use ratatui::layout::Rect;
use ratatui::terminal::Frame;
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use super::super::model::{Extent, Model, Outcome, Phase, Run, Screen};
use super::{Look, paint};
use crate::commands::page::{Fit, Page, Span};
use crate::commands::wrap::{clip, width_of};
use crate::commands::{place, report, style};
use crate::text::{say, word};

/// Most columns of the progress bar.
const BAR: usize = 20;

/// Draws as many rows as there are; returns where the file's path stands.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Model,
    look: Look,
) -> Option<(u16, u16, String)> {
    let width = usize::from(area.width);
    let mut rows = vec![top(model, width)];
    let subject = model.subject();
    let mut title = vec![Span::new(style::TITLE, format!(" {}", subject.name()))];
    if let Some(text) = &subject.text {
        title.push(Span::new(style::PLAIN, format!("  {}", text.title)));
    }
    rows.push(title);
    // Title and path always, the goal where there is room between the two.
    let room = usize::from(area.height).saturating_sub(3);
    let mut goal = goal(model, width);
    if goal.len() > room {
        goal.truncate(room);
        if let Some(last) = goal.last_mut() {
            last.push(Span::new(style::DIM, " …"));
        }
    }
    rows.extend(goal);
    let path = (usize::from(area.height) > rows.len()).then(|| {
        let text = clip(&subject.file, width.saturating_sub(1));
        let at = (area.x + 1, area.y + rows.len() as u16, text.clone());
        rows.push(vec![Span::new(style::PLAIN, " "), Span::new(style::DIM.underline(), text)]);
        at
    });
    for (row, y) in rows.iter().zip(area.y..area.bottom()) {
        let line = cut(row.clone(), width);
        frame.render_widget(paint::line(&line, look), Rect { y, height: 1, ..area });
    }
    path.filter(|(_, _, text)| !text.is_empty())
}

fn cut(spans: Vec<Span>, width: usize) -> Vec<Span> {
    let mut page = Page::new();
    page.row(0, Fit::Cut, spans);
    page.lines(width).remove(0)
}

/// The program's name and the chapter on the left, the progress on the right.
fn top(model: &Model, width: usize) -> Vec<Span> {
    let (done, all) = (place::passed(&model.catalogue, &model.progress), model.subjects.len());
    let bar = BAR.min(width / 4);
    let filled = (done * bar).div_ceil(all.max(1)).min(bar);
    let right = vec![
        Span::new(style::PLAIN, format!("{done}/{all} ")),
        Span::new(style::GOOD, "█".repeat(filled)),
        Span::new(style::DIM, "░".repeat(bar - filled)),
    ];
    let exercise = &model.subject().exercise;
    let chapter = model.catalogue.chapters.iter().position(|c| c.folder == exercise.folder);
    let chapter = chapter.map_or("", |at| model.chapters[at].as_str());
    let room = width.saturating_sub(width_of(&right) + 2);
    let name = word("watch-name");
    let mut left = vec![Span::new(style::KEY, clip(&format!(" {name}"), room))];
    let room = room.saturating_sub(name.width() + 3);
    left.push(Span::new(style::DIM, format!("  {}", clip(chapter, room))));
    let gap = width.saturating_sub(width_of(&left) + width_of(&right) + 1);
    left.push(Span::new(style::PLAIN, " ".repeat(gap)));
    left.into_iter().chain(right).collect()
}

/// What is to be done, in lines.
pub fn goal(model: &Model, width: usize) -> Vec<Vec<Span>> {
    let Some(text) = &model.subject().text else { return Vec::new() };
    let mut page = Page::new();
    page.prose(1, style::PLAIN, &text.goal);
    // Room for the mark of what is left out.
    page.lines(width.saturating_sub(2))
}

/// The line that says how things stand right now.
pub fn state(frame: &mut Frame<'_>, area: Rect, model: &Model, extent: Extent, look: Look) {
    if area.height == 0 {
        return;
    }
    let width = usize::from(area.width);
    let mut left = vec![Span::new(style::DIM, "──"), Span::new(style::PLAIN, " ")];
    left.extend(said(model));
    left.push(Span::new(style::PLAIN, " "));
    let mut right = scrolled(model, extent);
    if width_of(&left) + width_of(&right) > width {
        right.clear();
    }
    let rest = width.saturating_sub(width_of(&left) + width_of(&right));
    left.push(Span::new(style::DIM, "─".repeat(rest)));
    left.extend(right);
    let line: Line<'_> = paint::line(&cut(left, width), look);
    frame.render_widget(line, area);
}

/// How much of the body has been seen, if not all of it is in sight.
fn scrolled(model: &Model, extent: Extent) -> Vec<Span> {
    let Extent { lines: all, height } = extent;
    let seen = model.scroll.saturating_add(height).min(all);
    if all <= height || matches!(model.screen, Screen::List(_)) {
        return Vec::new();
    }
    let more = if seen < all { "↓" } else { " " };
    vec![Span::new(style::PLAIN, format!(" {more} {seen}/{all} ")), Span::new(style::DIM, "──")]
}

fn said(model: &Model) -> Vec<Span> {
    match (&model.run, &model.outcome) {
        (Some(run), _) => running(run),
        (None, Outcome::Verdict(verdict)) => {
            let mut said = vec![report::headline(model.subject(), verdict)];
            if !verdict.cached {
                let time =
                    say("watch-since", &[("seconds", &report::seconds(verdict.timings.total))]);
                said.push(Span::new(style::DIM, time));
            }
            said
        }
        (None, Outcome::Problem(_)) => vec![Span::new(style::FAILED, word("watch-problem"))],
        (None, Outcome::Nothing) => vec![Span::new(style::DIM, word("watch-waiting"))],
    }
}

fn running(run: &Run) -> Vec<Span> {
    let text = match &run.phase {
        Phase::Starting => word("watch-starting").to_owned(),
        Phase::Building(lines) => {
            let line = lines.last().map_or("…", |l| l.trim());
            say("watch-building-short", &[("line", &line)])
        }
        Phase::Compiling => word("watch-compiling").to_owned(),
        Phase::Testing { done, all } => say("watch-testing", &[("done", done), ("all", all)]),
        Phase::Misuse => word("watch-misuse").to_owned(),
    };
    let mut said = vec![Span::new(style::KEY, text)];
    if run.ticks >= 10 {
        let time = say("watch-since", &[("seconds", &(run.ticks / 10))]);
        said.push(Span::new(style::DIM, time));
    }
    said
}
