//! `doctor`: whether all is in order, and what to do where it is not.

mod machine;
mod project;
mod terminal;

use record::Fact;
use serde::Serialize;

use super::args::Json;
use super::exit::Exit;
use super::page::{Fit, Page, Span};
use super::wrap::pad;
use super::{print, style};
use crate::kit::Kit;
use crate::problem::Result;
use crate::text::{say_fact, word};

/// How a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    /// In order.
    Ok,
    /// It works, but worse than it could.
    Warn,
    /// It does not work.
    Fail,
}

/// What was found of one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Finding {
    /// The part, such as `git`; its name for people is `doctor-git`.
    part: &'static str,
    level: Level,
    /// What was found, and what to do about it.
    message: String,
}

impl Finding {
    fn new(part: &'static str, level: Level, fact: &Fact) -> Self {
        Finding { part, level, message: say_fact(fact) }
    }
}

fn ok(part: &'static str, fact: &Fact) -> Finding {
    Finding::new(part, Level::Ok, fact)
}

fn warn(part: &'static str, fact: &Fact) -> Finding {
    Finding::new(part, Level::Warn, fact)
}

fn fail(part: &'static str, fact: &Fact) -> Finding {
    Finding::new(part, Level::Fail, fact)
}

/// Looks at everything and says what it found.
///
/// # Errors
/// None: what is wrong is a finding.
pub fn run(args: &Json) -> Result<Exit> {
    let findings = examine();
    let worst = findings.iter().map(|f| f.level).max().unwrap_or(Level::Ok);
    if args.json {
        print::json(&findings);
    } else {
        print::page(&page(&findings, worst));
    }
    Ok(if worst == Level::Fail { Exit::Broken } else { Exit::Done })
}

fn examine() -> Vec<Finding> {
    let mut findings = vec![machine::rustc(), machine::cargo(), machine::clippy(), machine::git()];
    match Kit::find() {
        Ok(kit) => {
            findings.push(project::files(&kit));
            findings.extend(project::edition(&kit));
            findings.extend([
                project::progress(&kit),
                project::target(&kit),
                project::space(&kit),
                project::lock(&kit),
                project::watching(&kit),
            ]);
        }
        Err(problem) => {
            findings.push(Finding { part: "kit", level: Level::Fail, message: problem.to_string() })
        }
    }
    findings.push(terminal::terminal());
    findings.push(terminal::colours());
    findings
}

fn page(findings: &[Finding], worst: Level) -> Page {
    let name = |f: &Finding| word(&format!("doctor-{}", f.part));
    let width = findings.iter().map(|f| unicode_width::UnicodeWidthStr::width(name(f))).max();
    let width = width.unwrap_or(0);
    let mut page = Page::new();
    for finding in findings {
        let (mark, how) = match finding.level {
            Level::Ok => ("✓", style::GOOD),
            Level::Warn => ("!", style::WARN),
            Level::Fail => ("✗", style::FAILED),
        };
        let title = format!("{mark} {}", pad(name(finding), width));
        match finding.level {
            Level::Ok => page.row(
                0,
                Fit::Cut,
                vec![
                    Span::new(how, title),
                    Span::new(style::PLAIN, format!("  {}", finding.message)),
                ],
            ),
            Level::Warn | Level::Fail => {
                page.pieces(0, vec![Span::new(how, title)]);
                page.text(4, style::PLAIN, &finding.message);
            }
        }
    }
    page.gap();
    let (key, how) = match worst {
        Level::Ok => ("doctor-all-well", style::PASSED),
        Level::Warn => ("doctor-well-enough", style::TITLE),
        Level::Fail => ("doctor-not-well", style::FAILED),
    };
    page.text(0, how, word(key));
    page
}
