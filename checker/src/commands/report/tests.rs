//! What failed tests say.

use record::card;

use super::super::page::Page;
use super::super::style;
use super::Subject;
use crate::text::{say, word};
use crate::verdict::{TestOutcome, TestResult, Verdict};

/// More failed tests than this are only counted.
const MOST_OTHERS: usize = 8;
/// More lines of what a test printed than this are left out, from the top.
const MOST_OUTPUT: usize = 20;

/// The test that explains most, then the others in a line each.
pub fn explain(page: &mut Page, subject: &Subject, verdict: &Verdict, width: usize) {
    let main = verdict.main_test().or_else(|| verdict.failures().next());
    if let Some(test) = main {
        let record = test.shown();
        let room = width.saturating_sub(4);
        page.card(&card::lines(&record, subject.name(), subject.demand(test), room));
        printed(page, test);
    }
    others(page, subject, verdict, main);
}

fn printed(page: &mut Page, test: &TestResult) {
    let lines: Vec<&str> = test.printed().trim_end().lines().collect();
    if lines.is_empty() {
        return;
    }
    page.gap();
    page.text(2, style::DIM, word("printed"));
    let left_out = lines.len().saturating_sub(MOST_OUTPUT);
    if left_out > 0 {
        page.text(4, style::DIM, say("printed-more", &[("count", &left_out)]));
    }
    page.block(4, style::PLAIN, &lines[left_out..].join("\n"));
}

fn others(page: &mut Page, subject: &Subject, verdict: &Verdict, main: Option<&TestResult>) {
    let others: Vec<&TestResult> =
        verdict.failures().filter(|t| main.is_none_or(|m| m.name != t.name)).collect();
    if others.is_empty() {
        return;
    }
    page.gap();
    page.text(0, style::PLAIN, word("others"));
    let main_pitfall = main.and_then(TestResult::pitfall);
    for test in others.iter().take(MOST_OTHERS) {
        let what = subject.demand(test).unwrap_or(test.short_name());
        let name = test.pitfall().filter(|p| main_pitfall != Some(p));
        let (mark, how) = match test.outcome {
            TestOutcome::NotRun => ("·", style::DIM),
            _ => ("✗", style::BAD),
        };
        match name {
            Some(pitfall) => page.item(2, how, mark, format!("{what} ({pitfall})")),
            None => page.item(2, how, mark, what),
        }
    }
    if others.len() > MOST_OTHERS {
        page.text(2, style::DIM, say("others-more", &[("count", &(others.len() - MOST_OTHERS))]));
    }
}
