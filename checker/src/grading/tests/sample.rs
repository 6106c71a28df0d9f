//! A small kit, verdicts and attempts, for the tests of grading.

use std::fs;

use record::{Diagnosis, Event, Fact, Kind, Outcome, Panic, Record};
use tempfile::TempDir;

use crate::grading::course::{Course, HandedIn, gradebook};
use crate::grading::model::{Attempt, AttemptOutcome, Gradebook, Student};
use crate::kit::Kit;
use crate::verdict::{
    self, Build, CaseResult, CompileMessage, Level, MainDiagnosis, Place, Source, Status,
    TestOutcome, TestResult, Timings, VERSION, Verdict,
};

/// `one` and `two` in chapter 1, `three` in chapter 3; 10, 15 and 25 points.
pub(crate) fn kit() -> (TempDir, Kit) {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let mut catalogue = String::new();
    let chapters =
        [(1, "01_first", &[("one", 10), ("two", 15)][..]), (3, "03_third", &[("three", 25)])];
    for (number, chapter, exercises) in chapters {
        catalogue += &format!("[[chapter]]\nnumber = {number}\nfolder = \"{chapter}\"\n");
        put(&format!("exercises/{chapter}/README.md"), &format!("# Chapter {number}\n"));
        for (name, points) in exercises {
            catalogue += &format!(
                "[[chapter.exercise]]\nname = \"{name}\"\nseed = []\nminutes = 2\n\
                 points = {points}\nstub = \"todo\"\npitfalls = [\"sequential-awaits\"]\n"
            );
            put(&format!("exercises/{chapter}/{name}.rs"), "pub fn f() {\n    todo!()\n}\n");
            put(
                &format!("exercises/text/en/{name}.toml"),
                &format!(
                    "title = \"Number {name}\"\ngoal = \"Do {name}.\"\npython = \"asyncio\"\n\
                     hints = [\"First of {name}.\", \"Second `x < y`.\", \"Third.\"]\n[tests]\n\
                     a_test = \"It works.\"\nanother = \"It works twice.\"\n\
                     deep = \"SECRET demand of a hidden test.\"\n"
                ),
            );
            let test = |names: &[&str]| -> String {
                let one = |n| format!("#[test]\nfn {n}() {{\n    run(async {{ check() }});\n}}\n");
                names.iter().map(one).collect()
            };
            put(&format!("tests/{name}/visible.rs"), &test(&["a_test", "another"]));
            put(&format!("tests/{name}/hidden.rs"), &test(&["deep", "deeper"]));
        }
    }
    put("tests/one/compile_fail/misuse.rs", "//! It is used twice.\nfn f() {} //~ E0382\n");
    put("exercises/catalogue.toml", &catalogue);
    let crates = "kit = \"1\"\ntokio = \"1\"\nfutures = \"1\"\n[dev-dependencies.asynclings]\npath = \"x\"\n";
    put("Cargo.toml", &format!("[dev-dependencies]\n{crates}"));
    let kit = Kit::open(folder.path()).unwrap();
    (folder, kit)
}

/// A right answer to `one`.
pub(crate) fn passed() -> Verdict {
    let names = ["visible::a_test", "visible::another", "hidden::deep", "hidden::deeper"];
    Verdict {
        version: VERSION,
        exercise: "one".to_owned(),
        status: Status::Passed,
        build: Build::Crate,
        untouched: false,
        compile: Vec::new(),
        tests: names.iter().map(|n| test(n, TestOutcome::Passed)).collect(),
        misuse: vec![case("misuse", true)],
        main: None,
        advice: Vec::new(),
        problem: None,
        timings: Timings { compile: 310, tests: 60, cases: 30, total: 400 },
        cached: false,
        unsteady: None,
    }
}

/// A test without a record.
pub(crate) fn test(name: &str, outcome: TestOutcome) -> TestResult {
    TestResult { millis: 20, ..verdict::tests::test(name, outcome) }
}

/// A compile-fail case.
pub(crate) fn case(name: &str, holds: bool) -> CaseResult {
    CaseResult {
        name: name.to_owned(),
        holds,
        compiled: !holds,
        says: "It is used twice.".to_owned(),
        pitfall: Some("double-close".to_owned()),
        line: 2,
        code: Some("E0382".to_owned()),
        phrase: None,
        got: Vec::new(),
    }
}

/// A message of the compiler.
pub(crate) fn message(place: Place, file: &str, rendered: &str) -> CompileMessage {
    CompileMessage {
        level: Level::Error,
        code: Some("E0277".to_owned()),
        message: rendered.lines().next().unwrap_or_default().to_owned(),
        place,
        file: Some(file.to_owned()),
        line: Some(3),
        column: Some(5),
        answer_line: Some(7),
        pitfall: None,
        rendered: rendered.to_owned(),
        ansi: rendered.to_owned(),
    }
}

/// What a test saw that waited for one thing after the other.
pub(crate) fn sequential(test: &str) -> Record {
    let event = |at_us, label: &str, kind| Event { at_us, label: label.to_owned(), kind };
    Record {
        version: record::VERSION,
        test: test.to_owned(),
        outcome: Outcome::Failed,
        diagnosis: Some(Diagnosis {
            pitfall: Some("sequential-awaits".to_owned()),
            facts: vec![Fact::new("took-too-long").with("took", "6s").with("expected", "3s")],
            expected_us: Some(3_000_000),
            location: Some("tests/one/visible.rs:12".to_owned()),
        }),
        panic: None,
        end_us: 6_000_000,
        events: vec![
            event(0, "user", Kind::Created),
            event(2_000_000, "user", Kind::Ready),
            event(2_000_000, "order", Kind::Created),
            event(5_000_000, "order", Kind::Ready),
            event(5_000_000, "goods", Kind::Created),
            event(6_000_000, "goods", Kind::Cancelled),
        ],
        omitted: 0,
    }
}

/// An answer to `one` that a visible test and a hidden one refuse.
pub(crate) fn failed() -> Verdict {
    let mut verdict = Verdict { status: Status::Failed, misuse: Vec::new(), ..passed() };
    for at in [0, 2] {
        verdict.tests[at].outcome = TestOutcome::Failed;
        verdict.tests[at].record = Some(sequential(&verdict.tests[at].name));
    }
    verdict.tests[0].output =
        "\nrunning 1 test\ntest visible::a_test ... fetching user\n".to_owned();
    verdict.main = main(Source::Test, Some("visible::a_test"), None);
    verdict
}

/// An answer that panicked by itself in a test.
pub(crate) fn panicked(at: usize, message: &str) -> Verdict {
    let mut verdict = failed();
    let mut record = sequential(&verdict.tests[at].name);
    record.diagnosis = None;
    record.panic = Some(Panic {
        message: message.to_owned(),
        location: Some("exercises/01_first/one.rs:9:5".to_owned()),
    });
    verdict.tests[at].record = Some(record);
    verdict.main = main(Source::Test, Some(&verdict.tests[at].name), None);
    verdict
}

/// What is told first.
pub(crate) fn main(
    source: Source,
    test: Option<&str>,
    index: Option<usize>,
) -> Option<MainDiagnosis> {
    let named = source == Source::Test && !test.is_some_and(|t| t.ends_with("another"));
    let pitfall = named.then(|| "sequential-awaits".to_owned());
    Some(MainDiagnosis { source, pitfall, stage: None, test: test.map(str::to_owned), index })
}

/// An attempt without a time.
pub(crate) fn attempt(student: &str, exercise: &str, outcome: AttemptOutcome) -> Attempt {
    Attempt {
        student: student.to_owned(),
        exercise: exercise.to_owned(),
        submitted: None,
        edition: None,
        outcome,
    }
}

/// A checked outcome.
pub(crate) fn checked(verdict: Verdict) -> AttemptOutcome {
    AttemptOutcome::Checked(verdict.into())
}

/// Somebody on the roster.
pub(crate) fn student(id: &str, name: &str) -> Student {
    Student { id: id.to_owned(), name: Some(name.to_owned()), ..Student::default() }
}

/// A verdict for another exercise.
pub(crate) fn of(exercise: &str, verdict: Verdict) -> Verdict {
    Verdict { exercise: exercise.to_owned(), ..verdict }
}

/// Five students, one of them hostile, and an attempt of every kind.
pub(crate) fn book(kit: &Kit) -> Gradebook {
    let course = r#"
title = "Async Rust <autumn>"
[due]
default = "2026-12-01T12:00:00Z"
[late]
per_day_percent = 10
"#;
    let path = kit.root().join("course.toml");
    fs::write(&path, course).unwrap();
    let course = Course::read(&path, kit).unwrap();
    let mut ada = student("ada", "Lovelace, Ada \"the first\"");
    ada.login = Some("al1815".to_owned());
    ada.email = Some("ada@example.org".to_owned());
    ada.section = Some("A".to_owned());
    for (name, value) in [("Identifier", "Participant 12"), ("ID", "4711"), ("two (99)", "")] {
        ada.columns.insert(name.to_owned(), value.to_owned());
    }
    let mut hostile = student(HOSTILE, "=cmd|'/C calc'!A0<script>alert(1)</script>\u{202e}");
    hostile.columns.insert("Identifier".to_owned(), "=1+1".to_owned());
    let at = |mut attempt: Attempt, time: &str| {
        attempt.submitted = Some(time.parse().unwrap());
        attempt
    };
    let not_compiling = Verdict {
        status: Status::DoesNotCompile,
        tests: Vec::new(),
        misuse: Vec::new(),
        compile: vec![message(
            Place::Answer,
            "exercises/01_first/one.rs",
            "error[E0277]: `&str` is not a future\n --> exercises/01_first/one.rs:7:5",
        )],
        main: main(Source::Compiler, None, Some(0)),
        ..passed()
    };
    let internal = Verdict {
        status: Status::Internal,
        problem: Some("NEEDLE: /srv/grader is full".to_owned()),
        ..not_compiling.clone()
    };
    let hung = {
        let mut verdict = Verdict { status: Status::Hung, misuse: Vec::new(), ..passed() };
        verdict.tests[1].outcome = TestOutcome::Hung;
        verdict.tests[1].millis = 10_000;
        verdict.tests[1].output = "going round 🔁\n".repeat(3);
        verdict.tests[3].outcome = TestOutcome::NotRun;
        verdict.main = main(Source::Test, Some("visible::another"), None);
        verdict
    };
    let evil = "<script>alert(1)</script>\u{1b}[31m\u{202e}\0]]>&\"'".repeat(400);
    let mut noisy = panicked(0, &evil);
    noisy.tests[0].output = evil.clone();
    noisy.tests[1].outcome = TestOutcome::Failed;
    noisy.tests[1].record = Some(sequential("visible::another"));
    for event in &mut noisy.tests[1].record.as_mut().unwrap().events {
        event.label = format!("<img src=x onerror=alert(1)>{evil}");
    }
    let attempts = vec![
        at(attempt("ada", "one", checked(passed())), "2026-12-01T11:00:00Z"),
        at(attempt("ada", "two", checked(of("two", failed()))), "2026-12-02T11:00:00Z"),
        at(attempt("ada", "three", checked(of("three", hung))), "2026-12-01T11:00:00Z"),
        attempt("bob", "one", checked(not_compiling)),
        attempt("bob", "two", checked(of("two", internal))),
        attempt("cy", "one", checked(crate::grading::student_view::planted())),
        attempt("cy", "two", AttemptOutcome::Refused(Fact::new("course-missing"))),
        attempt("cy", "three", AttemptOutcome::Waiting),
        attempt(HOSTILE, "one", checked(noisy)),
        attempt(
            HOSTILE,
            "two",
            AttemptOutcome::Refused(Fact::new("no-such-key").with("path", "<b>\u{202e}")),
        ),
    ];
    let notes = [(HOSTILE.to_owned(), vec![Fact::new("<script>alert(1)</script>")])];
    let handed_in = HandedIn {
        students: vec![ada, student("bob", "Bob"), student("cy", "Cy"), hostile],
        attempts,
        notes: notes.into(),
        unsandboxed: vec!["network".to_owned()],
    };
    gradebook(&course, kit, handed_in)
}

/// An id that is none for a file.
pub(crate) const HOSTILE: &str = "../../=x<script>";
