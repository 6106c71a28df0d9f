//! `list`: all exercises, and how they stand.

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::args::Json;
use super::context::Context;
use super::exit::Exit;
use super::page::{Page, Span};
use super::wrap::pad;
use super::{place, print, style};
use crate::catalogue::{Chapter, Exercise};
use crate::edition::{Edition, edition_of};
use crate::kit::Kit;
use crate::problem::Result;
use crate::progress::{Progress, State};
use crate::text::{say, word};

/// Prints the list.
///
/// # Errors
/// There is no kit here.
pub fn run(args: &Json) -> Result<Exit> {
    let context = Context::open()?;
    let current =
        place::current(context.kit.catalogue(), &context.progress).map(|e| e.name.clone());
    if args.json {
        print::json(&listing(&context.kit, &context.progress, current.as_deref()));
    } else {
        print::page(&page(&context.kit, &context.progress, current.as_deref()));
    }
    Ok(Exit::Done)
}

/// The sign of a state.
pub fn mark(state: State) -> Span {
    match state {
        State::Passed => Span::new(style::GOOD, "✓"),
        State::GaveUp => Span::new(style::WARN, "~"),
        State::Open => Span::new(style::DIM, "·"),
    }
}

/// Points that were earned, and all there are.
pub fn points(kit: &Kit, progress: &Progress) -> (u32, u32) {
    let all = || kit.catalogue().exercises();
    let earned = all().filter(|e| progress.is_passed(&e.name)).map(|e| e.points).sum();
    (earned, all().map(|e| e.points).sum())
}

/// The columns of one exercise after its mark: name, title, points.
pub fn columns(
    exercise: &Exercise,
    title: &str,
    name_width: usize,
    title_width: usize,
) -> [String; 3] {
    let points = say("list-points", &[("points", &exercise.points)]);
    [pad(&exercise.name, name_width), pad(title, title_width), points]
}

fn page(kit: &Kit, progress: &Progress, current: Option<&str>) -> Page {
    let title = |e: &Exercise| kit.text(e).map(|t| t.title).unwrap_or_default();
    let all = || kit.catalogue().exercises();
    let name_width = all().map(|e| e.name.width()).max().unwrap_or(0);
    let title_width = all().map(|e| title(e).width()).max().unwrap_or(0);
    let mut page = Page::new();
    for chapter in &kit.catalogue().chapters {
        page.text(0, style::TITLE, kit.chapter_title(chapter));
        for exercise in &chapter.exercises {
            let here = current == Some(&exercise.name);
            let how = if here { style::KEY } else { style::PLAIN };
            let [name, title, points] =
                columns(exercise, &title(exercise), name_width, title_width);
            let standing = progress.of(&exercise.name);
            let mut spans = vec![
                Span::new(style::KEY, if here { "▸ " } else { "  " }),
                mark(standing.state),
                Span::new(how, format!(" {name}  ")),
                Span::new(style::PLAIN, format!("{title}  ")),
                Span::new(style::DIM, points),
            ];
            if standing.hints > 0 {
                let hints = say("list-hints", &[("count", &standing.hints)]);
                spans.push(Span::new(style::DIM, format!("  {hints}")));
            }
            page.pieces(0, spans);
        }
        page.gap();
    }
    let (earned, points) = points(kit, progress);
    let (done, all) = (place::passed(kit.catalogue(), progress), kit.catalogue().len());
    page.text(
        0,
        style::TITLE,
        say(
            "list-standing",
            &[("done", &done), ("all", &all), ("earned", &earned), ("points", &points)],
        ),
    );
    page.text(0, style::DIM, word("list-legend"));
    page
}

#[derive(Serialize)]
struct Listing<'a> {
    current: Option<&'a str>,
    passed: usize,
    exercises: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    edition: Option<Edition>,
    chapters: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    number: u32,
    folder: &'a str,
    title: String,
    exercises: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    name: &'a str,
    title: String,
    file: String,
    state: State,
    hints: u32,
    attempts: u32,
    first_passed: Option<u64>,
    points: u32,
    minutes: u32,
    pitfalls: &'a [String],
}

fn listing<'a>(kit: &'a Kit, progress: &Progress, current: Option<&'a str>) -> Listing<'a> {
    let item = |e: &'a Exercise| {
        let standing = progress.of(&e.name);
        Item {
            name: &e.name,
            title: kit.text(e).map(|t| t.title).unwrap_or_default(),
            file: kit.shown(&kit.stub(e)).to_string(),
            state: standing.state,
            hints: standing.hints,
            attempts: standing.attempts,
            first_passed: standing.first_passed,
            points: e.points,
            minutes: e.minutes,
            pitfalls: &e.pitfalls,
        }
    };
    let entry = |c: &'a Chapter| Entry {
        number: c.number,
        folder: &c.folder,
        title: kit.chapter_title(c),
        exercises: c.exercises.iter().map(item).collect(),
    };
    Listing {
        current,
        passed: place::passed(kit.catalogue(), progress),
        exercises: kit.catalogue().len(),
        edition: edition_of(kit.root()),
        chapters: kit.catalogue().chapters.iter().map(entry).collect(),
    }
}
