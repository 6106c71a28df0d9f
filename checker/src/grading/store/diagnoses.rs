//! What a verdict says is wrong, as rows that can be counted.

use record::{Fact, Stage, pitfall};

use crate::verdict::{Level, Source, TestOutcome, Verdict};

/// One thing that is wrong.
pub(super) struct DiagnosisRow<'a> {
    /// It is told first.
    pub main: bool,
    pub source: Source,
    /// The test or the compile-fail case.
    pub test: Option<&'a str>,
    pub pitfall: Option<&'a str>,
    pub stage: Option<Stage>,
    pub facts: &'a [Fact],
}

/// Everything that a verdict finds wrong: errors of the compiler, failed tests,
/// misuse that compiles.
pub(super) fn of(verdict: &Verdict) -> Vec<DiagnosisRow<'_>> {
    let is_main = |source, index, test: Option<&str>| {
        verdict.main.as_ref().is_some_and(|main| match source {
            Source::Test => main.source == source && main.test.as_deref() == test,
            Source::Compiler | Source::Misuse => main.source == source && main.index == index,
        })
    };
    let no_facts: &[Fact] = &[];
    let mut rows = Vec::new();
    for (index, message) in verdict.compile.iter().enumerate() {
        let named = message.pitfall.as_ref();
        if message.level == Level::Error || named.is_some() {
            let main = is_main(Source::Compiler, Some(index), None);
            rows.push(row(main, Source::Compiler, None, named, no_facts));
        }
    }
    for test in verdict.tests.iter().filter(|t| t.outcome != TestOutcome::Passed) {
        let found = test.record.as_ref().and_then(|r| r.diagnosis.as_ref());
        let facts = found.map_or(no_facts, |d| &d.facts);
        let named = found.and_then(|d| d.pitfall.as_ref());
        let main = is_main(Source::Test, None, Some(&test.name));
        rows.push(row(main, Source::Test, Some(&test.name), named, facts));
    }
    for (index, case) in verdict.misuse.iter().enumerate().filter(|(_, case)| !case.holds) {
        let named = case.pitfall.as_ref();
        let main = is_main(Source::Misuse, Some(index), None);
        rows.push(row(main, Source::Misuse, Some(&case.name), named, no_facts));
    }
    rows
}

fn row<'a>(
    main: bool,
    source: Source,
    test: Option<&'a str>,
    pitfall: Option<&'a String>,
    facts: &'a [Fact],
) -> DiagnosisRow<'a> {
    let pitfall = pitfall.map(String::as_str);
    let stage = pitfall.and_then(pitfall::get).map(|p| p.stage);
    DiagnosisRow { main, source, test, pitfall, stage, facts }
}
