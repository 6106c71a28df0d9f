use std::sync::LazyLock;

use super::*;

const OUTPUT: usize = 64 * 1024;

/// The program, compiled once.
static PROGRAM: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join(format!("program{}", env::consts::EXE_SUFFIX));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/run_tests/program.rs");
    let status = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--test", "--edition=2024", "-o"])
        .arg(&program)
        .arg(source)
        .status();
    assert!(status.unwrap().success());
    (folder, program)
});

/// Long enough for whatever ends by itself, on a machine that is busy.
const LONG: u64 = 60;

fn with_program<T>(seconds: u64, body: impl FnOnce(&TestProgram<'_>) -> T) -> T {
    let records = tempfile::tempdir().unwrap();
    body(&TestProgram {
        confine: None,
        seal: None,
        output: OUTPUT,
        program: &PROGRAM.1,
        exercise: "program",
        root: records.path(),
        libraries: None,
        records: records.path(),
        seconds: Some(seconds),
    })
}

fn run_one(name: &str) -> TestResult {
    let names = [name.to_owned()];
    with_program(LONG, |program| program.run(&names, &|_| {}, &Cancel::new()).unwrap()).remove(0)
}

#[test]
fn only_the_tests_of_the_exercise_are_listed() {
    let names = with_program(LONG, |program| program.list(&Cancel::new())).unwrap();
    assert_eq!(names.len(), 11, "{names:?}");
    assert!(names.iter().all(|n| n.starts_with("visible::") || n.starts_with("hidden::")));
}

#[test]
fn the_order_is_that_of_the_files() {
    let file = |name: &str, text: &str| (PathBuf::from(format!("/k/{name}.rs")), text.to_owned());
    let files = [
        file("visible", "#[test]\nfn z() {}\n#[test]\nfn a() {}\n"),
        file("hidden", "#[test]\nfn of_z() {}\n#[test]\nfn of() {}\n"),
    ];
    let names = ["hidden::of", "hidden::of_z", "visible::a", "visible::z"].map(str::to_owned);
    let wanted = ["visible::z", "visible::a", "hidden::of_z", "hidden::of"];
    assert_eq!(in_order_of_files(names.to_vec(), &files), wanted);
}

#[test]
fn only_a_record_of_ones_own_that_says_passed_is_a_pass() {
    use TestOutcome::*;
    for (name, outcome) in [
        ("visible::z_passes", Passed),
        ("hidden::a_passes", Passed),
        ("visible::prints_much", Passed),
        ("visible::fails", Failed),
        ("visible::fails_after_its_last_check", Failed),
        ("visible::leaves_no_record", ExitedEarly),
        ("visible::leaves_anothers_record", ExitedEarly),
        ("visible::leaves_half_a_record", ExitedEarly),
        ("visible::exits_early", ExitedEarly),
        ("visible::aborts", Crashed),
        ("visible::there_is_no_such_test", ExitedEarly),
    ] {
        assert_eq!(run_one(name).outcome, outcome, "{name}");
    }
}

#[test]
fn output_is_kept_up_to_a_limit() {
    assert_eq!(run_one("visible::prints_much").output.len(), OUTPUT);
    assert!(run_one("visible::fails").output.contains("as recorded"));
}

#[test]
fn one_that_hangs_does_not_hold_up_the_others() {
    let names = ["hidden::never_ends", "visible::z_passes", "hidden::a_passes"].map(str::to_owned);
    let results = with_program(2, |program| program.run(&names, &|_| {}, &Cancel::new()).unwrap());
    let outcomes: Vec<TestOutcome> = results.iter().map(|r| r.outcome).collect();
    assert_eq!(outcomes, [TestOutcome::Hung, TestOutcome::Passed, TestOutcome::Passed]);
    assert_eq!(
        results.iter().map(|r| &r.name).collect::<Vec<_>>(),
        names.iter().collect::<Vec<_>>()
    );
    assert!(results[0].hidden && !results[1].hidden);
}

#[test]
fn cancelling_ends_what_runs_and_begins_nothing_more() {
    // The first to end cancels; those that never would end all the same.
    let mut names = vec!["hidden::never_ends".to_owned(); 3];
    names.insert(0, "visible::z_passes".to_owned());
    let cancel = Cancel::new();
    let stop = |result: &TestResult| {
        if result.name == "visible::z_passes" {
            cancel.cancel();
        }
    };
    let results = with_program(LONG, |program| program.run(&names, &stop, &cancel).unwrap());
    assert_eq!(results[0].outcome, TestOutcome::Passed);
    assert!(results[1..].iter().all(|r| r.outcome == TestOutcome::NotRun), "{results:?}");
}
