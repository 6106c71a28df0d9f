//! A small kit and some verdicts, for tests.

use std::fs;
use std::path::Path;

use asynclings::catalogue::Catalogue;
use asynclings::kit::Kit;
use asynclings::verdict::{
    Build, MainDiagnosis, Source, Status, TestOutcome, TestResult, Timings, VERSION, Verdict,
};
use record::{Record, Stage};
use tempfile::TempDir;

const CATALOGUE: &str = r#"
[[chapter]]
number = 1
folder = "01_first"

[[chapter.exercise]]
name = "one"
seed = []
minutes = 2
points = 10
stub = "todo"
pitfalls = ["sequential-awaits"]

[[chapter.exercise]]
name = "two"
seed = []
minutes = 5
points = 15
stub = "todo"
pitfalls = []

[[chapter]]
number = 3
folder = "03_third"

[[chapter.exercise]]
name = "three"
seed = []
minutes = 20
points = 25
stub = "todo"
pitfalls = ["busy-wake"]
"#;

/// Three exercises in two chapters.
pub fn catalogue() -> Catalogue {
    Catalogue::parse(CATALOGUE, Path::new("catalogue.toml")).expect("the sample is right")
}

/// The same on disk, with stubs, texts and a solution of `one`.
pub fn kit() -> (TempDir, Kit) {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("Cargo.toml", "[workspace]\n");
    put("exercises/catalogue.toml", CATALOGUE);
    put("exercises/01_first/README.md", "# The first chapter\n\nA lesson.\n");
    for (chapter, name) in [("01_first", "one"), ("01_first", "two"), ("03_third", "three")] {
        put(
            &format!("exercises/{chapter}/{name}.rs"),
            &format!("pub fn {name}() {{\n    todo!()\n}}\n"),
        );
        let text = format!(
            "title = \"Number {name}\"\ngoal = \"Do {name}.\"\npython = \"asyncio.{name}\"\n\
             hints = [\"First of {name}.\", \"Second.\", \"Third.\"]\n[tests]\na_test = \"It works.\"\n"
        );
        put(&format!("exercises/text/en/{name}.toml"), &text);
    }
    put("solutions/01_first/one.rs", "pub fn one() {\n    // done\n}\n");
    let kit = Kit::open(folder.path()).unwrap();
    (folder, kit)
}

/// An answer that passes two visible tests and a hidden one.
pub fn passed(exercise: &str) -> Verdict {
    Verdict {
        version: VERSION,
        exercise: exercise.to_owned(),
        status: Status::Passed,
        build: Build::Module,
        untouched: false,
        compile: Vec::new(),
        tests: vec![
            test("visible::a_test", TestOutcome::Passed),
            test("visible::another", TestOutcome::Passed),
            test("hidden::deep", TestOutcome::Passed),
        ],
        misuse: Vec::new(),
        main: None,
        advice: Vec::new(),
        problem: None,
        timings: Timings { compile: 310, tests: 60, cases: 0, total: 400 },
        cached: false,
        unsteady: None,
    }
}

/// An answer whose first test exits too early.
pub fn failed(exercise: &str) -> Verdict {
    let mut verdict = passed(exercise);
    verdict.status = Status::Failed;
    verdict.tests[0].outcome = TestOutcome::ExitedEarly;
    verdict
}

/// A test without record.
pub fn test(name: &str, outcome: TestOutcome) -> TestResult {
    TestResult {
        name: name.to_owned(),
        hidden: name.starts_with("hidden"),
        outcome,
        record: None,
        output: String::new(),
        millis: 20,
    }
}

/// An answer that waits for one thing after the other, with the record of it.
pub fn sequential(exercise: &str) -> Verdict {
    const RECORD: &str = r#"{
        "version": 1, "test": "visible::a_test", "outcome": "failed", "end_us": 5000000,
        "diagnosis": {
            "pitfall": "sequential-awaits", "expected_us": 3000000,
            "facts": [{"key": "took-too-long", "args": {"took": "5s", "expected": "3s"}}]
        },
        "events": [
            {"at_us": 0, "label": "user", "kind": "created"},
            {"at_us": 2000000, "label": "user", "kind": "ready"},
            {"at_us": 2000000, "label": "order", "kind": "created"},
            {"at_us": 5000000, "label": "order", "kind": "cancelled"}
        ]
    }"#;
    let mut verdict = passed(exercise);
    verdict.status = Status::Failed;
    verdict.tests[0].outcome = TestOutcome::Failed;
    verdict.tests[0].record = Some(Record::parse(RECORD).expect("the sample is right"));
    verdict.tests[2].outcome = TestOutcome::ExitedEarly;
    verdict.main = Some(MainDiagnosis {
        source: Source::Test,
        pitfall: Some("sequential-awaits".to_owned()),
        stage: Some(Stage::Schedule),
        test: Some("visible::a_test".to_owned()),
        index: None,
    });
    verdict
}
