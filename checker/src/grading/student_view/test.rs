//! A test as its student may see it.

use std::collections::BTreeMap;

use record::{Diagnosis, Event, Fact, Kind, Outcome, Panic, Record};

use super::{MOST_BLOCK, MOST_LINE, ShownTest, known};
use crate::grading::plain;
use crate::text::{say, word};
use crate::verdict::{TestOutcome, TestResult};

/// Sentences of the kit that only measure. Of a hidden test no other is shown:
/// those compare values, quote a log or name what the test made.
const MEASURED: [&str; 25] = [
    "took-too-long",
    "took-too-little",
    "thread-blocked",
    "not-pending",
    "not-ready",
    "not-woken",
    "woken-early",
    "woken-late",
    "poll-cap",
    "moved",
    "polled-after-ready",
    "polled-unwoken",
    "deadline",
    "stuck-in-poll",
    "waits-in-poll",
    "computes-in-poll",
    "computes-on",
    "stuck-outside",
    "waits-outside",
    "process-ended",
    "process-crashed",
    "not-run",
    "tasks-alive",
    "cancelled-after",
    "drop-panicked",
];

/// The test; `number` is its place among the hidden ones, if it is one.
pub(super) fn shown(test: &TestResult, number: usize) -> ShownTest {
    let name = if test.hidden {
        say("view-hidden-test", &[("number", &number)])
    } else {
        plain::line(test.short_name(), MOST_LINE)
    };
    let record = (test.outcome != TestOutcome::Passed).then(|| {
        let record = test.shown();
        if test.hidden { redacted(&record, &name) } else { cleaned(&record, &name) }
    });
    ShownTest {
        demand: (!test.hidden).then(|| test.short_name().to_owned()),
        hidden: test.hidden,
        outcome: test.outcome,
        pitfall: known(test.pitfall()),
        record,
        output: if test.hidden {
            String::new()
        } else {
            plain::tail(test.printed().trim_end(), MOST_BLOCK)
        },
        millis: test.millis,
        name,
    }
}

/// All that a visible test saw, fit to be shown.
fn cleaned(record: &Record, name: &str) -> Record {
    let line = |text: &str| plain::line(text, MOST_LINE);
    let fact = |fact: &Fact| Fact {
        key: line(&fact.key),
        args: fact.args.iter().map(|(k, v)| (line(k), plain::block(v, MOST_LINE))).collect(),
    };
    Record {
        version: record.version,
        test: name.to_owned(),
        // Whatever the record claims: it is asked for only of a test that
        // did not pass.
        outcome: Outcome::Failed,
        diagnosis: record.diagnosis.as_ref().map(|d| Diagnosis {
            pitfall: known(d.pitfall.as_deref()),
            facts: d.facts.iter().map(fact).collect(),
            expected_us: d.expected_us,
            location: d.location.as_deref().map(line),
        }),
        panic: record.panic.as_ref().map(|p| Panic {
            message: plain::block(&p.message, MOST_LINE),
            location: p.location.as_deref().map(line),
        }),
        end_us: record.end_us,
        events: record
            .events
            .iter()
            .map(|e| Event { at_us: e.at_us, label: line(&e.label), kind: e.kind })
            .collect(),
        omitted: record.omitted,
    }
}

/// Of what a hidden test saw: the pitfall, what was measured, and when work
/// began and ended, without the names that the test gave to it.
fn redacted(record: &Record, name: &str) -> Record {
    let mut letters: BTreeMap<&str, String> = BTreeMap::new();
    let mut events = Vec::new();
    // Where no time passed the picture is a list of steps: mostly the test's
    // own words and doings.
    for event in record.events.iter().filter(|e| record.end_us > 0 && e.kind != Kind::Note) {
        let next = letters.len();
        let letter = letters.entry(&event.label).or_insert_with(|| letter(next));
        events.push(Event { at_us: event.at_us, label: letter.clone(), kind: event.kind });
    }
    // A run of which there are no bars would be told as steps.
    if events.iter().all(|e| e.kind != Kind::Created) {
        events.clear();
    }
    let diagnosis = record.diagnosis.as_ref().map(|d| Diagnosis {
        pitfall: known(d.pitfall.as_deref()),
        facts: d.facts.iter().filter_map(measured).collect(),
        expected_us: d.expected_us,
        location: None,
    });
    Record {
        version: record.version,
        test: name.to_owned(),
        outcome: Outcome::Failed,
        diagnosis,
        panic: None,
        end_us: record.end_us,
        events,
        omitted: record.omitted,
    }
}

/// The fact without a name in it; None if it holds more than a measure.
fn measured(fact: &Fact) -> Option<Fact> {
    if !MEASURED.contains(&fact.key.as_str()) {
        return None;
    }
    let mut kept = Fact::new(&fact.key);
    for (name, value) in &fact.args {
        if name == "who" {
            kept = kept.with(name, word("view-a-future"));
        } else if is_measure(value) {
            kept = kept.with(name, value);
        } else {
            return None;
        }
    }
    Some(kept)
}

/// A number, or a stretch of time.
fn is_measure(value: &str) -> bool {
    let number = value.trim_end_matches(char::is_alphabetic);
    let unit = &value[number.len()..];
    value.len() <= 16
        && number.parse::<f64>().is_ok_and(f64::is_finite)
        && ["", "s", "ms", "µs", "min", "h"].contains(&unit)
}

/// A, B, … Z, A1, B1, …
fn letter(index: usize) -> String {
    let letter = char::from(b'A' + (index % 26) as u8);
    match index / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}
