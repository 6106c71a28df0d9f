//! What to do after a verdict: there is always something.

use super::super::page::Page;
use super::super::style;
use super::Subject;
use crate::text::{say, word};
use crate::verdict::{Status, Verdict};

/// How one goes on from a verdict.
#[derive(Clone, Debug)]
pub enum Next {
    /// By commands. Holds the exercise to go to after this one, if any is open.
    Commands(Option<String>),
    /// By keys, on a screen that shows goal and file already.
    Keys(Option<String>),
    /// By saving the file, where there are no keys: plain watching.
    Saving(Option<String>),
}

impl Next {
    /// Whether the page has to say what to do: a screen shows that above it.
    pub fn names_the_goal(&self) -> bool {
        !matches!(self, Next::Keys(_))
    }

    /// What to do, in a sentence.
    pub fn page(&self, subject: &Subject, verdict: &Verdict) -> Page {
        let mut page = Page::new();
        let (how, after) = match self {
            Next::Commands(after) => ("commands", after),
            Next::Keys(after) => ("keys", after),
            Next::Saving(after) => ("saving", after),
        };
        let what = match (verdict.status, after) {
            (Status::Passed, Some(_)) => "next",
            (Status::Passed, None) => {
                page.text(0, style::PASSED, word("all-done"));
                return page;
            }
            (Status::Internal, _) => "mend",
            (Status::Cancelled, _) => "again",
            (Status::NotStarted, _) => "start",
            // No test has run, so there is nothing to trace.
            _ if verdict.tests.is_empty() => "compile",
            _ => "edit",
        };
        let style = if what == "next" { style::PASSED } else { style::PLAIN };
        let after = after.as_deref().unwrap_or_default();
        let key = format!("go-on-{what}-{how}");
        let (file, exercise) = (&subject.file, subject.name());
        page.text(
            0,
            style,
            say(&key, &[("file", file), ("exercise", &exercise), ("next", &after)]),
        );
        page
    }
}
