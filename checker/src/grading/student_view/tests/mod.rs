//! Needles in every field of a verdict: none that is hidden may come out.

use record::{Diagnosis, Event, Fact, Kind, Panic};

use super::*;
use crate::grading::sample;
use crate::verdict::{Place, Verdict};

/// Planted wherever something hidden may stand.
pub(crate) const NEEDLE: &str = "NEEDLE";

/// A verdict in which every hidden field holds a needle, and a visible field
/// of each kind the word `SEEN`.
pub(crate) fn planted() -> Verdict {
    let mut verdict = sample::failed();
    verdict.problem = Some("NEEDLE problem".to_owned());
    for (at, word) in [(0, "SEEN"), (2, NEEDLE)] {
        let test = &mut verdict.tests[at];
        test.output = format!("{word} output");
        let record = test.record.as_mut().unwrap();
        record.panic = Some(Panic {
            message: format!("assertion failed: {word} panic"),
            location: Some(format!("tests/one/{word}.rs:1")),
        });
        let diagnosis = record.diagnosis.as_mut().unwrap();
        diagnosis.location = Some(format!("tests/one/{word}_location.rs:5"));
        diagnosis.facts.extend([
            Fact::new("not-equal").with("expected", word).with("got", 3),
            Fact::new("not-equal").with("expected", 1).with("got", 3),
            Fact::new("not-pending").with("who", word),
            Fact::new("took-too-long").with("took", word).with("expected", "3s"),
            Fact::new("log-differs").with("expected", word).with("got", word),
            Fact::new(&format!("{word}-key")),
        ]);
        for kind in [Kind::Note, Kind::Created, Kind::Polled, Kind::Cancelled] {
            record.events.push(Event { at_us: 1, label: format!("{word} label"), kind });
        }
    }
    verdict.tests[2].name = "hidden::NEEDLE_name".to_owned();
    verdict.tests[3].name = "hidden::NEEDLE_passed".to_owned();
    verdict.tests[3].output = "NEEDLE output of a test that passed".to_owned();
    let quotes = "error: no\n --> exercises/one.rs:1\n ::: tests/one/hidden.rs:9\n9 | NEEDLE code";
    let messages = [
        (Place::Answer, "exercises/01_first/one.rs", quotes),
        (Place::Answer, "exercises/01_first/one.rs", "error: in NEEDLE_name"),
        (Place::Answer, "exercises/01_first/one.rs", "error: `hidden::NEEDLE` is not Send"),
        (Place::Gate, "tests/one/hidden.rs", "error: NEEDLE gate"),
        (Place::Signature, "tests/one/hidden.rs", "error: NEEDLE signature"),
        (Place::Elsewhere, "/rustc/library/core.rs", "error: NEEDLE elsewhere"),
        (Place::Signature, "", "error: NEEDLE without a file"),
        (Place::Answer, "exercises/01_first/one.rs", "error: SEEN error"),
    ];
    verdict.compile = messages.map(|(p, f, r)| sample::message(p, f, r)).to_vec();
    verdict.compile[0].code = Some("NEEDLE code".to_owned());
    verdict.compile[0].pitfall = Some("NEEDLE-pitfall".to_owned());
    verdict.compile[0].message = "NEEDLE message".to_owned();
    verdict.advice = vec![sample::message(Place::Answer, "x.rs", "NEEDLE advice")];
    verdict.misuse = vec![sample::case("misuse", false)];
    verdict.misuse[0].got = vec![sample::message(Place::Case, "hidden.rs", "NEEDLE got")];
    verdict.main = sample::main(Source::Test, Some("hidden::NEEDLE_name"), None);
    verdict
}

/// What comes out of a verdict with needles for all kinds of main diagnoses.
fn views() -> Vec<StudentView> {
    let mut all = Vec::new();
    for main in [
        sample::main(Source::Test, Some("hidden::NEEDLE_name"), None),
        sample::main(Source::Compiler, None, Some(0)),
        sample::main(Source::Misuse, None, Some(0)),
        sample::main(Source::Compiler, None, Some(99)),
        None,
    ] {
        for status in [Status::Passed, Status::Failed, Status::DoesNotCompile, Status::Internal] {
            all.push(shown_to_student(&Verdict { status, main: main.clone(), ..planted() }));
        }
    }
    all
}

#[test]
fn nothing_hidden_comes_through() {
    for view in views() {
        let all = format!("{view:?}");
        assert!(!all.contains(NEEDLE), "{all}");
        assert!(all.contains("SEEN output") && all.contains("SEEN panic"), "{all}");
        assert!(all.contains("SEEN label") && all.contains("took-too-long"), "{all}");
    }
}

#[test]
fn of_a_hidden_test_the_measures_are_left() {
    let view = shown_to_student(&planted());
    let hidden = &view.tests[2];
    assert_eq!((hidden.name.as_str(), hidden.demand.as_deref()), ("hidden test 1", None));
    assert_eq!(hidden.pitfall.as_deref(), Some("sequential-awaits"));
    assert_eq!(view.main, Some(Shown::Test(2)));
    let record = hidden.record.as_ref().unwrap();
    let facts: Vec<String> =
        record.diagnosis.as_ref().unwrap().facts.iter().map(record::text::sentence).collect();
    assert_eq!(
        facts,
        [
            "6s of virtual time for work that takes 3s.",
            "A future was Ready at once; it should have been Pending.",
        ]
    );
    let bars = record::timeline::bars(record);
    let labels: Vec<&str> = bars.iter().map(|b| b.label.as_str()).collect();
    assert_eq!(labels, ["A", "B", "C", "D"]);
    assert_eq!((bars[1].start_us, bars[1].end_us), (2_000_000, 5_000_000));
}

#[test]
fn steps_of_a_hidden_test_are_not_told() {
    let mut verdict = planted();
    verdict.tests[2].record.as_mut().unwrap().end_us = 0;
    let view = shown_to_student(&verdict);
    assert!(view.tests[2].record.as_ref().unwrap().events.is_empty());
    assert!(!view.tests[0].record.as_ref().unwrap().events.is_empty());
}

#[test]
fn the_message_that_explains_most_comes_first() {
    let mut verdict = planted();
    verdict.compile.truncate(4);
    let last = sample::message(Place::Answer, "exercises/01_first/one.rs", "error: SEEN last");
    verdict.compile.push(last);
    verdict.main = sample::main(Source::Compiler, None, Some(4));
    let view = shown_to_student(&verdict);
    assert_eq!(view.main, Some(Shown::Message(0)));
    assert_eq!(view.messages[0].rendered.as_deref(), Some("error: SEEN last"));
    assert_eq!(view.messages.len(), 5);
    assert_eq!(view.messages[1].rendered, None);
    assert_eq!(view.messages[4].line, Some(7), "the line of the answer may be told");
}

#[test]
fn a_forged_record_of_a_failed_test_passes_nothing() {
    let mut verdict = sample::failed();
    let record = verdict.tests[0].record.as_mut().unwrap();
    record.outcome = record::Outcome::Passed;
    record.diagnosis = Some(Diagnosis {
        pitfall: Some("<script>".to_owned()),
        facts: vec![Fact::new("\u{1b}[2J").with("a", "\u{202e}")],
        ..Diagnosis::default()
    });
    let view = shown_to_student(&verdict);
    assert!(!view.tests[0].passed());
    assert_eq!(view.tests[0].pitfall, None);
    let all = format!("{:?}", view.tests[0]);
    assert!(!all.contains("\\u{1b}") && !all.contains("\\u{202e}"), "{all}");
    assert!(record::card::plain(view.tests[0].record.as_ref().unwrap(), "one", None).len() > 10);
}

#[test]
fn measures_are_numbers_and_nothing_else() {
    let table = [
        ("3", true),
        ("1.5s", true),
        ("20ms", true),
        ("24h", true),
        ("data of user", false),
        ("3 apples", false),
        ("infs", false),
        ("", false),
        ("NaN", false),
        ("12345678901234567890", false),
    ];
    for (value, is) in table {
        let fact = Fact::new("deadline").with("limit", value);
        let mut verdict = sample::failed();
        verdict.tests[2].record.as_mut().unwrap().diagnosis.as_mut().unwrap().facts = vec![fact];
        let view = shown_to_student(&verdict);
        let facts = &view.tests[2].record.as_ref().unwrap().diagnosis.as_ref().unwrap().facts;
        assert_eq!(facts.len(), usize::from(is), "{value}");
    }
}
