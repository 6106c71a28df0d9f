//! What it says when a misuse compiles that a right answer would prevent.

use super::super::page::Page;
use super::super::style;
use super::{Subject, more, name_it};
use crate::text::{say, word};
use crate::verdict::{CaseResult, Verdict};

/// More errors than this of one case hide what matters.
const MOST_ERRORS: usize = 2;

/// The case that explains most, then the others in a line each.
pub fn explain(page: &mut Page, subject: &Subject, verdict: &Verdict) {
    let main = verdict.main.as_ref().and_then(|m| m.index).and_then(|i| verdict.misuse.get(i));
    let Some(case) = main.or_else(|| verdict.misuse.iter().find(|c| !c.holds)) else { return };
    name_it(page, subject, case.pitfall.as_deref().unwrap_or(&case.name));
    let key = if case.compiled { "misuse-compiles" } else { "misuse-other-error" };
    page.text(2, style::TITLE, say(key, &[("says", &case.says)]));
    page.text(2, style::DIM, place(subject, case));
    if !case.compiled {
        page.gap();
        for message in case.got.iter().take(MOST_ERRORS) {
            page.ansi(2, &message.ansi);
            page.gap();
        }
    }
    more(page, case.pitfall.as_deref());

    let others: Vec<&CaseResult> =
        verdict.misuse.iter().filter(|c| !c.holds && c.name != case.name).collect();
    if !others.is_empty() {
        page.gap();
        page.text(0, style::PLAIN, word("misuse-others"));
        for other in others {
            page.item(2, style::BAD, "✗", &other.says);
        }
    }
}

fn place(subject: &Subject, case: &CaseResult) -> String {
    format!("tests/{}/compile_fail/{}.rs:{}", subject.name(), case.name, case.line)
}
