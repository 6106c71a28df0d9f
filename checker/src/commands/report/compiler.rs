//! What the compiler and clippy say.

use super::super::page::Page;
use super::super::style;
use super::{Subject, more, name_it};
use crate::text::{say, word};
use crate::verdict::{CompileMessage, Level, Place, Verdict};

/// The rest follows from the first ones as a rule.
const MOST_ERRORS: usize = 4;
/// Advice is for reading, not for scrolling.
const MOST_ADVICE: usize = 5;

/// The errors, the one that explains most first. Warnings wait until the
/// errors are gone, but for those that give a pitfall away.
pub fn errors(page: &mut Page, subject: &Subject, verdict: &Verdict) {
    let at = verdict.main.as_ref().and_then(|m| m.index);
    let main = at.and_then(|i| verdict.compile.get(i)).or_else(|| verdict.errors().next());
    let Some(main) = main else { return };
    // That it does not compile stands in the headline.
    if let Some(pitfall) = &main.pitfall {
        name_it(page, subject, pitfall);
    }
    if main.place == Place::Signature {
        let line = main.answer_line.map_or(String::new(), |l| format!(":{l}"));
        page.text(2, style::PLAIN, say("signature", &[("name", &subject.name()), ("line", &line)]));
    }
    page.gap();
    page.ansi(2, &main.ansi);
    more_of(page, main);
    let others: Vec<&CompileMessage> = verdict.errors().filter(|m| *m != main).collect();
    for message in others.iter().take(MOST_ERRORS - 1) {
        page.gap();
        page.ansi(2, &message.ansi);
    }
    if others.len() >= MOST_ERRORS {
        page.gap();
        let count = others.len() + 1 - MOST_ERRORS;
        page.text(2, style::DIM, say("more-errors", &[("count", &count)]));
    }
}

fn more_of(page: &mut Page, message: &CompileMessage) {
    if message.pitfall.is_some() {
        page.gap();
        more(page, message.pitfall.as_deref());
    }
}

/// The compiler's warnings about an answer that passes.
pub fn warnings(page: &mut Page, verdict: &Verdict) {
    let warnings: Vec<&CompileMessage> = verdict
        .compile
        .iter()
        .filter(|m| m.level == Level::Warning && m.place == Place::Answer)
        .collect();
    if !warnings.is_empty() {
        page.text(0, style::WARN, word("warnings"));
        list(page, &warnings);
    }
}

/// What clippy would do otherwise; nothing if it is content.
pub fn advice(advice: &[CompileMessage]) -> Page {
    let mut page = Page::new();
    let messages: Vec<&CompileMessage> = advice.iter().collect();
    if !messages.is_empty() {
        page.text(0, style::WARN, word("advice"));
        list(&mut page, &messages);
    }
    page
}

fn list(page: &mut Page, messages: &[&CompileMessage]) {
    for message in messages.iter().take(MOST_ADVICE) {
        page.ansi(2, &message.ansi);
        if let Some(pitfall) = &message.pitfall {
            page.text(2, style::DIM, say("more", &[("pitfall", pitfall)]));
        }
        page.gap();
    }
    if messages.len() > MOST_ADVICE {
        page.text(2, style::DIM, say("others-more", &[("count", &(messages.len() - MOST_ADVICE))]));
    }
}
