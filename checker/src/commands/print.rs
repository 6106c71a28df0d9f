//! Printing pages and JSON.

use std::io::{self, IsTerminal, Write};

use anstyle::Style;
use crossterm::terminal;
use serde::Serialize;

use super::page::{Page, Span};
use super::style;
use crate::problem::Problem;

/// Lines are easiest to read up to here.
const MOST: u16 = 100;
/// Where nobody says how wide it is.
const USUAL: usize = 80;

/// Columns to print in.
pub fn width() -> usize {
    let size = if io::stdout().is_terminal() { terminal::size().ok() } else { None };
    size.filter(|(columns, _)| *columns > 0)
        .map_or(USUAL, |(columns, _)| usize::from(columns.min(MOST)))
}

/// Prints a page to standard output, coloured if the terminal wants that:
/// `NO_COLOR` and `CLICOLOR_FORCE` are heeded.
pub fn page(page: &Page) {
    // Colours that a terminal does not want are taken out on the way.
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    write(&mut out, page, width());
}

/// Writes a page. That nobody reads any more (`| head`) is no error.
pub fn write(out: &mut impl Write, page: &Page, width: usize) {
    for line in page.lines(width) {
        if writeln!(out, "{}", styled(&line)).is_err() {
            return;
        }
    }
    let _ = out.flush();
}

fn styled(line: &[Span]) -> String {
    line.iter()
        .map(|Span { style, text }| match *style {
            plain if plain == Style::new() => text.clone(),
            style => format!("{style}{text}{style:#}"),
        })
        .collect()
}

/// Prints one JSON document.
pub fn json(value: &impl Serialize) {
    let text = serde_json::to_string_pretty(value).expect("only names are keys in our JSON");
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Says on standard error what a person should know besides.
pub fn notice(text: &str) {
    let mut err = anstream::AutoStream::auto(io::stderr().lock());
    let mut page = Page::new();
    page.text(0, style::WARN, text);
    write(&mut err, &page, width());
}

/// Says what stopped the command: as JSON where a program listens, else on
/// standard error.
pub fn problem(problem: &Problem, as_json: bool) {
    if as_json {
        #[derive(Serialize)]
        struct Failed<'a> {
            error: Said<'a>,
        }
        #[derive(Serialize)]
        struct Said<'a> {
            key: &'a str,
            message: String,
        }
        let error = Said { key: problem.key(), message: problem.to_string() };
        return json(&Failed { error });
    }
    let mut err = anstream::AutoStream::auto(io::stderr().lock());
    let mut page = Page::new();
    page.text(0, style::BAD, problem.to_string());
    write(&mut err, &page, width());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_written_and_plain_text_is_plain() {
        let mut page = Page::new();
        page.pieces(0, vec![Span::new(style::PLAIN, "a "), Span::new(style::GOOD, "b")]);
        let mut out = Vec::new();
        write(&mut out, &page, 80);
        assert_eq!(String::from_utf8(out).unwrap(), "a \u{1b}[32mb\u{1b}[0m\n");
    }
}
