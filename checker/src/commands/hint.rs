//! `hint`: one tier more each time.

use serde::Serialize;

use super::args::Hint;
use super::context::Context;
use super::exit::Exit;
use super::page::Page;
use super::{print, style};
use crate::kit::ExerciseText;
use crate::problem::Result;
use crate::text::{say, word};

/// Shows the next hint, and remembers that it was shown.
///
/// # Errors
/// There is no such exercise, or its text is missing.
pub fn run(args: &Hint) -> Result<Exit> {
    let mut context = Context::open()?;
    let exercise = context.exercise(args.name.name.as_deref())?.clone();
    let text = context.kit.text(&exercise)?;
    let seen = context.progress.of(&exercise.name).hints as usize;
    let tier = if args.all { text.hints.len() } else { (seen + 1).min(text.hints.len()) };
    context.update(|progress| {
        let standing = progress.entry(&exercise.name);
        standing.hints = standing.hints.max(tier as u32);
    });
    if args.json.json {
        #[derive(Serialize)]
        struct Hints<'a> {
            exercise: &'a str,
            shown: usize,
            of: usize,
            hints: &'a [String],
        }
        let hints = &text.hints[..tier];
        print::json(&Hints { exercise: &exercise.name, shown: tier, of: text.hints.len(), hints });
    } else {
        let mut page = page(&text, tier);
        let last = tier == text.hints.len();
        let more = match (last, context.kit.solution(&exercise).is_file()) {
            (false, _) => "hint-more-commands",
            (true, true) => "hint-last-commands",
            // A student edition has no solutions to point at.
            (true, false) => "hint-last",
        };
        page.text(0, style::DIM, word(more));
        print::page(&page);
    }
    Ok(Exit::Done)
}

/// The hints up to this tier, the newest last.
pub fn page(text: &ExerciseText, tier: usize) -> Page {
    let mut page = Page::new();
    let all = text.hints.len();
    for (at, hint) in text.hints.iter().take(tier).enumerate() {
        let newest = at + 1 == tier;
        let title = say("hint-title", &[("tier", &(at + 1)), ("all", &all)]);
        page.text(0, if newest { style::KEY } else { style::DIM }, title);
        page.prose(2, style::PLAIN, hint);
        page.gap();
    }
    page
}
