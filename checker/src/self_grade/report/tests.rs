use insta::assert_snapshot;
use record::{Diagnosis, Event, Kind, Outcome, Record};

use super::*;
use crate::kit::tests::sample;
use crate::verdict::tests::{passed, test, with_status};
use crate::verdict::{CaseResult, Level, TestOutcome};

fn main_of(source: Source, pitfall: Option<&str>) -> Option<MainDiagnosis> {
    let pitfall = pitfall.map(str::to_owned);
    let test = (source == Source::Test).then(|| "visible::fills".to_owned());
    Some(MainDiagnosis { source, pitfall, stage: None, test, index: Some(0) })
}

fn error(place: Place, pitfall: Option<&str>) -> CompileMessage {
    CompileMessage {
        level: Level::Error,
        code: Some("E0728".into()),
        message: "`await` is only allowed inside `async`".into(),
        place,
        file: Some("exercises/01_first/one.rs".into()),
        line: Some(3),
        column: Some(7),
        answer_line: Some(3),
        pitfall: pitfall.map(str::to_owned),
        rendered: "error[E0728]: `await` is only allowed inside `async`\n --> one.rs:3:7\n\n"
            .into(),
        ansi: String::new(),
    }
}

/// Two requests, one after the other.
fn slow() -> Verdict {
    let event = |at_us, label: &str, kind| Event { at_us, label: label.into(), kind };
    let record = Record {
        version: record::VERSION,
        test: "visible::fills".into(),
        outcome: Outcome::Failed,
        diagnosis: Some(Diagnosis {
            pitfall: Some("sequential-awaits".into()),
            facts: vec![Fact::new("took-too-long").with("took", "5s").with("expected", "3s")],
            expected_us: Some(3_000_000),
            location: None,
        }),
        panic: None,
        end_us: 5_000_000,
        events: vec![
            event(0, "user", Kind::Created),
            event(2_000_000, "user", Kind::Ready),
            event(2_000_000, "order", Kind::Created),
            event(5_000_000, "order", Kind::Ready),
        ],
        omitted: 0,
    };
    let mut verdict = with_status(Status::Failed);
    verdict.tests[0].outcome = TestOutcome::Failed;
    verdict.tests[0].record = Some(record);
    verdict.main = main_of(Source::Test, Some("sequential-awaits"));
    verdict
}

fn explained(verdict: Verdict) -> String {
    let (_folder, kit) = sample();
    why(kit.catalogue().get("one").unwrap(), None, &Ok(verdict))
}

#[test]
fn each_state_has_its_word() {
    let stub = Verdict { status: Status::NotStarted, untouched: true, ..slow() };
    let named = Verdict {
        main: main_of(Source::Compiler, Some("await-in-sync")),
        ..with_status(Status::DoesNotCompile)
    };
    let lines: Vec<String> = [
        Ok(passed()),
        Ok(slow()),
        Ok(with_status(Status::Failed)),
        Ok(stub),
        Ok(with_status(Status::NotStarted)),
        Ok(with_status(Status::DoesNotCompile)),
        Ok(named),
        Ok(with_status(Status::Hung)),
        Ok(with_status(Status::Crashed)),
        Ok(with_status(Status::Internal)),
        Ok(with_status(Status::Cancelled)),
        Err(Problem::new("cancelled")),
    ]
    .iter()
    .map(outcome)
    .collect();
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_failed_test_shows_its_card() {
    assert_snapshot!(explained(slow()));
}

#[test]
fn a_test_without_a_record_still_says_something() {
    let mut verdict = with_status(Status::Hung);
    verdict.tests[0] =
        crate::verdict::TestResult { millis: 20_000, ..test("visible::fills", TestOutcome::Hung) };
    verdict.main = main_of(Source::Test, None);
    let hung = explained(verdict.clone());
    verdict.tests[0].outcome = TestOutcome::ExitedEarly;
    assert_snapshot!(format!("{hung}\n{}", explained(verdict)));
}

#[test]
fn an_error_that_gives_a_pitfall_away_is_told_with_it() {
    let verdict = Verdict {
        compile: vec![error(Place::Answer, Some("await-in-sync"))],
        main: main_of(Source::Compiler, Some("await-in-sync")),
        ..with_status(Status::DoesNotCompile)
    };
    assert_snapshot!(explained(verdict));
}

#[test]
fn a_changed_signature_points_to_the_answer() {
    let verdict = Verdict {
        compile: vec![error(Place::Signature, None); 5],
        main: main_of(Source::Compiler, None),
        ..with_status(Status::DoesNotCompile)
    };
    assert_snapshot!(explained(verdict));
}

#[test]
fn a_misuse_that_compiles_is_told_in_its_words() {
    let case = CaseResult {
        name: "used_after_close".into(),
        holds: false,
        compiled: true,
        says: "A connection is used after it was closed.".into(),
        pitfall: Some("double-close".into()),
        line: 8,
        code: Some("E0382".into()),
        phrase: None,
        got: Vec::new(),
    };
    let verdict = Verdict {
        misuse: vec![case],
        main: main_of(Source::Misuse, Some("double-close")),
        ..with_status(Status::Failed)
    };
    assert_snapshot!(explained(verdict));
}

#[test]
fn the_end_says_where_one_stands_and_what_comes_next() {
    let (_folder, kit) = sample();
    assert_snapshot!(standing(&kit, &|e| e.name == "one"));
    assert_snapshot!(standing(&kit, &|_| true));
}

#[test]
fn the_last_line_is_that_of_the_usual_harness() {
    assert_snapshot!(result_line(3, 7, 2, 0.4242));
    assert_snapshot!(result_line(10, 0, 0, 1.0));
}
