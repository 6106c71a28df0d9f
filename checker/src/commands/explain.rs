//! `explain`: what a pitfall is, and the way out of it.

use std::collections::BTreeMap;

use record::pitfall::{self, Pitfall, PitfallText};
use serde::Serialize;

use super::args::Explain;
use super::exit::Exit;
use super::page::{Page, Span};
use super::wrap::pad;
use super::{print, style};
use crate::catalogue::Catalogue;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::text::{say, word};

/// Explains a pitfall, or lists them all.
///
/// # Errors
/// There is no such pitfall; the message proposes others.
pub fn run(args: &Explain) -> Result<Exit> {
    // What a pitfall is, is compiled in: only where it is practised needs a kit.
    let kit = Kit::find().ok();
    let kit = kit.as_ref().map(Kit::catalogue);
    match &args.pitfall {
        Some(id) => {
            let (id, found, text) = find(id)?;
            if args.json.json {
                print::json(&explained(kit, id, found, text));
            } else {
                print::page(&page(kit, id, found, text));
            }
        }
        None if args.json.json => {
            let all: Vec<Explained<'_>> = pitfall::all()
                .iter()
                .filter_map(|(id, p)| Some(explained(kit, id, p, pitfall::describe(id)?)))
                .collect();
            print::json(&all);
        }
        None => print::page(&groups()),
    }
    Ok(Exit::Done)
}

/// The page of the pitfall with this id; None if there is none.
pub fn page_of(kit: Option<&Catalogue>, id: &str) -> Option<Page> {
    let (id, found, text) = find(id).ok()?;
    Some(page(kit, id, found, text))
}

fn find(typed: &str) -> Result<(&'static str, &'static Pitfall, &'static PitfallText)> {
    let id = typed.trim().to_lowercase().replace('_', "-");
    let known = pitfall::all().get_key_value(&id);
    if let Some(((id, found), text)) = known.zip(pitfall::describe(&id)) {
        return Ok((id, found, text));
    }
    let similar = pitfall::similar_to(&id).join(", ");
    let key = if similar.is_empty() { "unknown-pitfall" } else { "unknown-pitfall-similar" };
    Err(Problem::new(key).with("pitfall", typed).with("similar", similar))
}

/// The exercises whose tests catch it, in the order of learning.
fn exercises<'k>(kit: Option<&'k Catalogue>, id: &str) -> Vec<&'k str> {
    kit.into_iter()
        .flat_map(Catalogue::exercises)
        .filter(|e| e.pitfalls.iter().any(|p| p == id))
        .map(|e| e.name.as_str())
        .collect()
}

fn page(kit: Option<&Catalogue>, id: &str, pitfall: &Pitfall, text: &PitfallText) -> Page {
    let mut page = Page::new();
    page.pieces(
        0,
        vec![
            Span::new(style::TITLE, &text.title),
            Span::new(style::DIM, format!("  {id} · {}", pitfall.group)),
        ],
    );
    page.gap();
    page.prose(2, style::TITLE, &text.say);
    page.gap();
    page.prose(2, style::PLAIN, &text.why);
    for (key, code, how) in
        [("explain-wrong", &text.wrong, style::BAD), ("explain-right", &text.right, style::GOOD)]
    {
        page.gap();
        page.text(2, how, word(key));
        page.block(4, style::CODE, code.trim_matches('\n'));
    }
    page.gap();
    page.text(2, style::GOOD, word("explain-cure"));
    page.prose(4, style::PLAIN, &text.cure);
    page.gap();
    page.text(2, style::PYTHON, word("explain-python"));
    page.prose(4, style::PLAIN, &text.python);
    if !pitfall.sources.is_empty() {
        page.gap();
        page.text(2, style::DIM, word("explain-sources"));
        for source in &pitfall.sources {
            page.text(4, style::DIM, address(source).as_ref().unwrap_or(source));
        }
    }
    let exercises = exercises(kit, id);
    if !exercises.is_empty() {
        page.gap();
        let names = exercises.join(", ");
        page.text(2, style::DIM, say("explain-exercises", &[("exercises", &names)]));
    }
    page
}

/// Where a source can be read: an issue `OWNER/REPO#N`, a pull request
/// `OWNER/REPO PR#N`, an error code `rustc E0277`. The others are found by their
/// names.
fn address(source: &str) -> Option<String> {
    if let Some(code) = source.strip_prefix("rustc E") {
        return Some(format!("https://doc.rust-lang.org/error_codes/E{code}.html"));
    }
    let (repository, number) = source.split_once('#')?;
    number.parse::<u32>().ok()?;
    let (repository, kind) = match repository.strip_suffix(" PR") {
        Some(repository) => (repository, "pull"),
        None => (repository, "issues"),
    };
    repository.contains('/').then(|| format!("https://github.com/{repository}/{kind}/{number}"))
}

fn groups() -> Page {
    let mut groups: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (id, pitfall) in pitfall::all() {
        let title = pitfall::describe(id).map_or("", |t| t.title.as_str());
        groups.entry(&pitfall.group).or_default().push((id, title));
    }
    let width = pitfall::all().keys().map(String::len).max().unwrap_or(0);
    let mut page = Page::new();
    for (group, pitfalls) in groups {
        page.text(0, style::TITLE, group);
        for (id, title) in pitfalls {
            page.pieces(
                2,
                vec![Span::new(style::CODE, pad(id, width + 2)), Span::new(style::PLAIN, title)],
            );
        }
        page.gap();
    }
    page.text(0, style::DIM, say("explain-how", &[("count", &pitfall::all().len())]));
    page
}

#[derive(Serialize)]
struct Explained<'a> {
    id: &'a str,
    group: &'a str,
    stage: record::Stage,
    title: &'a str,
    say: &'a str,
    why: &'a str,
    wrong: &'a str,
    right: &'a str,
    cure: &'a str,
    python: &'a str,
    sources: &'a [String],
    exercises: Vec<&'a str>,
}

fn explained<'a>(
    kit: Option<&'a Catalogue>,
    id: &'a str,
    pitfall: &'a Pitfall,
    text: &'a PitfallText,
) -> Explained<'a> {
    Explained {
        id,
        group: &pitfall.group,
        stage: pitfall.stage,
        title: &text.title,
        say: &text.say,
        why: &text.why,
        wrong: &text.wrong,
        right: &text.right,
        cure: &text.cure,
        python: &text.python,
        sources: &pitfall.sources,
        exercises: exercises(kit, id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_an_address_where_it_says_enough() {
        let cases = [
            ("rustc E0277", Some("https://doc.rust-lang.org/error_codes/E0277.html")),
            ("a/b#12", Some("https://github.com/a/b/issues/12")),
            ("a/b PR#12", Some("https://github.com/a/b/pull/12")),
            ("b#12", None),
            ("a/b#twelve", None),
            ("tokio tutorial, I/O", None),
            ("rustc lint unused_must_use", None),
        ];
        for (source, expected) in cases {
            assert_eq!(address(source).as_deref(), expected, "{source}");
        }
    }
}
