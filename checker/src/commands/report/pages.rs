//! Verdicts of every kind as a learner reads them.

use insta::assert_snapshot;

use super::{Next, Subject, headline, page};
use crate::catalogue::Exercise;
use crate::commands::page::Page;
use crate::commands::sample;
use crate::verdict::{
    CaseResult, CompileMessage, Level, MainDiagnosis, Place, Source, Status, TestOutcome, Verdict,
};

fn subject() -> Subject {
    let (_folder, kit) = sample::kit();
    let one: &Exercise = kit.catalogue().get("one").unwrap();
    Subject::of(&kit, one)
}

/// As `run` prints it.
fn printed(verdict: &Verdict) -> String {
    let next = Next::Commands(Some("two".to_owned()));
    let mut all = Page::new();
    all.pieces(0, vec![headline(&subject(), verdict)]);
    all.append(page(&subject(), verdict, 80, &next));
    all.append(next.page(&subject(), verdict));
    let lines = all.lines(80).into_iter();
    let lines = lines.map(|line| line.into_iter().map(|s| s.text).collect::<String>());
    lines.collect::<Vec<_>>().join("\n")
}

fn main(source: Source, index: Option<usize>, test: Option<&str>) -> Option<MainDiagnosis> {
    Some(MainDiagnosis { source, pitfall: None, stage: None, test: test.map(str::to_owned), index })
}

fn message(place: Place) -> CompileMessage {
    let rendered = "error[E0277]: it is not so\n --> tests/one/visible.rs:3:1";
    CompileMessage {
        level: Level::Error,
        code: Some("E0277".to_owned()),
        message: "it is not so".to_owned(),
        place,
        file: None,
        line: None,
        column: None,
        answer_line: Some(7),
        pitfall: None,
        rendered: rendered.to_owned(),
        ansi: rendered.to_owned(),
    }
}

fn case(compiled: bool) -> CaseResult {
    CaseResult {
        name: "used_after_close".to_owned(),
        holds: false,
        compiled,
        says: "A closed connection cannot be used again.".to_owned(),
        pitfall: Some("double-close".to_owned()),
        line: 9,
        code: Some("E0382".to_owned()),
        phrase: None,
        got: if compiled { Vec::new() } else { vec![message(Place::Case)] },
    }
}

#[test]
fn passed() {
    assert_snapshot!(printed(&sample::passed("one")));
}

#[test]
fn the_same_again() {
    assert_snapshot!(printed(&Verdict { cached: true, ..sample::passed("one") }));
}

#[test]
fn a_misuse_that_compiles() {
    let verdict = Verdict {
        status: Status::Failed,
        misuse: vec![case(true)],
        main: main(Source::Misuse, Some(0), None),
        ..sample::passed("one")
    };
    assert_snapshot!(printed(&verdict));
}

#[test]
fn a_misuse_that_is_refused_for_another_reason() {
    let verdict = Verdict {
        status: Status::Failed,
        misuse: vec![CaseResult { pitfall: None, ..case(false) }],
        main: main(Source::Misuse, Some(0), None),
        ..sample::passed("one")
    };
    assert_snapshot!(printed(&verdict));
}

#[test]
fn a_signature_that_was_changed() {
    let verdict = Verdict {
        status: Status::DoesNotCompile,
        compile: vec![message(Place::Signature); 6],
        tests: Vec::new(),
        main: main(Source::Compiler, Some(0), None),
        ..sample::passed("one")
    };
    assert_snapshot!(printed(&verdict));
}

#[test]
fn a_hang_and_what_it_printed() {
    let mut verdict = sample::passed("one");
    verdict.status = Status::Hung;
    verdict.tests[0].outcome = TestOutcome::Hung;
    verdict.tests[0].millis = 10_000;
    verdict.tests[0].output = "\nrunning 1 test\ntest visible::a_test ... going round\n".to_owned()
        + &"and round\n".repeat(40);
    verdict.tests[2].outcome = TestOutcome::NotRun;
    verdict.main = main(Source::Test, None, Some("visible::a_test"));
    assert_snapshot!(printed(&verdict));
}

#[test]
fn an_untouched_stub() {
    let mut verdict = Verdict { untouched: true, ..sample::failed("one") };
    verdict.status = Status::NotStarted;
    assert_snapshot!(printed(&verdict));
}

#[test]
fn an_untouched_stub_that_does_not_compile() {
    let gate = CompileMessage { pitfall: Some("double-close".to_owned()), ..message(Place::Gate) };
    let verdict = Verdict {
        status: Status::NotStarted,
        untouched: true,
        compile: vec![gate],
        tests: Vec::new(),
        main: main(Source::Compiler, Some(0), None),
        ..sample::passed("one")
    };
    assert_snapshot!(printed(&verdict));
}

#[test]
fn a_checker_that_failed() {
    let problem = Some("The compiler itself failed.".to_owned());
    let verdict =
        Verdict { status: Status::Internal, tests: Vec::new(), problem, ..sample::passed("one") };
    assert_snapshot!(printed(&verdict));
}
