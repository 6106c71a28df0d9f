//! `solution`: what the reference answer does differently. Nothing is written
//! into the learner's file.

use std::fs;
use std::path::Path;

use similar::{ChangeTag, TextDiff};

use super::args::Solution;
use super::context::Context;
use super::exit::Exit;
use super::page::{Fit, Page, Span};
use super::{ask, print, style};
use crate::catalogue::Exercise;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::progress::{Progress, State};
use crate::text::{say, word};

/// Lines around a difference.
const CONTEXT: usize = 3;

/// Shows the difference; asks first if the exercise is not done.
///
/// # Errors
/// This edition has no solutions, or nobody can answer the question.
pub fn run(args: &Solution) -> Result<Exit> {
    let mut context = Context::open()?;
    let exercise = context.exercise(args.name.name.as_deref())?.clone();
    let page = page(&context.kit, &exercise)?;
    let open = context.progress.of(&exercise.name).state == State::Open;
    if open && !args.yes && !ask::yes(&say("ask-solution", &[("exercise", &exercise.name)]))? {
        print::notice(word("solution-not-shown"));
        return Ok(Exit::NotYet);
    }
    context.update(|progress| give_up(progress, &exercise.name));
    print::page(&page);
    Ok(Exit::Done)
}

/// Remembers that the solution was shown before the exercise was done.
pub fn give_up(progress: &mut Progress, name: &str) {
    let standing = progress.entry(name);
    if standing.state == State::Open {
        standing.state = State::GaveUp;
    }
}

/// The difference between the learner's file and the solution.
///
/// # Errors
/// This edition has no solutions, or a file cannot be read.
pub fn page(kit: &Kit, exercise: &Exercise) -> Result<Page> {
    let (mine, solution) = (kit.stub(exercise), kit.solution(exercise));
    if !solution.is_file() {
        return Err(Problem::new("no-solution").with("exercise", &exercise.name));
    }
    let read = |path: &Path| fs::read_to_string(path).map_err(|e| Problem::io("read", path, &e));
    let names = (kit.shown(&mine).to_string(), kit.shown(&solution).to_string());
    Ok(difference(&read(&mine)?, &read(&solution)?, &names.0, &names.1))
}

fn difference(mine: &str, solution: &str, mine_name: &str, solution_name: &str) -> Page {
    let mut page = Page::new();
    if mine == solution {
        page.text(0, style::GOOD, word("solution-same"));
        return page;
    }
    page.text(0, style::BAD, say("solution-mine", &[("file", &mine_name)]));
    page.text(0, style::GOOD, say("solution-theirs", &[("file", &solution_name)]));
    let diff = TextDiff::from_lines(mine, solution);
    for group in diff.grouped_ops(CONTEXT) {
        page.gap();
        if let Some(first) = group.first() {
            let line = first.old_range().start + 1;
            page.text(0, style::DIM, say("solution-line", &[("line", &line)]));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, how) = match change.tag() {
                ChangeTag::Delete => ("-", style::BAD),
                ChangeTag::Insert => ("+", style::GOOD),
                ChangeTag::Equal => (" ", style::PLAIN),
            };
            let line = change.value().trim_end_matches(['\n', '\r']);
            // Whole lines: what is cut off may be the difference.
            page.row(0, Fit::Anywhere, vec![Span::new(how, format!("{sign}{line}"))]);
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_shown_with_its_surroundings() {
        let mine: String = (1..=12).map(|i| format!("line {i}\n")).collect();
        let solution = mine.replace("line 8\n", "line eight\n");
        let page = difference(&mine, &solution, "mine.rs", "solution.rs");
        let lines: Vec<String> =
            page.lines(80).iter().map(|l| l.iter().map(|s| s.text.as_str()).collect()).collect();
        let from = lines.iter().position(|l| l.is_empty()).unwrap();
        assert_eq!(
            lines[from + 2..],
            [
                " line 5",
                " line 6",
                " line 7",
                "-line 8",
                "+line eight",
                " line 9",
                " line 10",
                " line 11"
            ]
        );
    }

    #[test]
    fn looking_at_the_solution_of_what_is_done_is_not_giving_up() {
        let mut progress = Progress::default();
        progress.entry("done").state = State::Passed;
        give_up(&mut progress, "done");
        give_up(&mut progress, "open");
        assert!(progress.is_passed("done"));
        assert_eq!(progress.of("open").state, State::GaveUp);
    }
}
