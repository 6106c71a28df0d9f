//! The author's gate: it lets a sound exercise through, and each of its checks
//! is seen to refuse what it is there for, alone.

mod alone;
#[path = "gate/faults.rs"]
mod faults;
#[cfg(target_os = "linux")]
mod here;
mod mini_kit;
#[path = "gate/new_exercise.rs"]
mod new_exercise;

#[cfg(target_os = "linux")]
use std::sync::Arc;

use asynclings::gate::report::{ExerciseReport, Finding, Report};
use asynclings::gate::{VerifyOptions, verify};
#[cfg(target_os = "linux")]
use asynclings::grading::sandbox::{Limits, Sandbox};
use asynclings::verdict::Build;
use mini_kit::MiniKit;

/// Findings of the kit's one exercise, in the learner's build: the other one
/// takes twice as long, and is tried where it matters.
fn report(kit: &MiniKit, builds: &[Build]) -> Report {
    let options = VerifyOptions { builds: builds.to_vec(), ..VerifyOptions::default() };
    verify(&kit.open(), &options, |_| {}).unwrap_or_else(|problem| panic!("{problem}"))
}

fn exercise(kit: &MiniKit) -> ExerciseReport {
    let report = report(kit, &[Build::Module]).exercises.remove(0);
    // Read when the test fails.
    println!("{:#?}", report.findings);
    report
}

/// `check key place`, a line each.
fn shown(findings: &[Finding]) -> String {
    let line = |f: &Finding| format!("{} {} {}\n", f.check.name(), f.key, f.place());
    findings.iter().map(line).collect()
}

#[test]
fn a_sound_exercise_is_ready_in_both_builds_and_is_known_the_next_time() {
    let kit = MiniKit::lay_out();
    let first = report(&kit, &[Build::Module, Build::Crate]);
    assert_eq!(shown(&first.exercises[0].findings), "");
    assert!(first.ready);
    let exercise = &first.exercises[0];
    assert_eq!(
        (exercise.stub, exercise.solution, exercise.builds),
        (Some(true), Some(true), Some(true))
    );
    let scores = [exercise.accepted, exercise.rejected, exercise.cases, exercise.pitfalls];
    assert_eq!(scores.map(|s| (s.good, s.all)), [(2, 2), (4, 4), (1, 1), (2, 2)]);
    assert_eq!(first.checks, 16);

    let second = report(&kit, &[Build::Module, Build::Crate]);
    assert_eq!((second.checks, second.cached), (16, 16));
}

/// What only the sandbox refuses to a right answer shows before there are
/// students.
#[cfg(target_os = "linux")]
#[test]
fn a_solution_that_the_sandbox_stops_is_not_ready() {
    if !here::can_confine() {
        return;
    }
    let kit = MiniKit::lay_out();
    let sandbox =
        Sandbox::open(env!("CARGO_BIN_EXE_asynclings").into(), Limits::default(), true).unwrap();
    let builds = vec![Build::Crate];
    let options = VerifyOptions { builds, confine: Some(Arc::new(sandbox)), ..Default::default() };
    let verified = || verify(&kit.open(), &options, |_| {}).unwrap_or_else(|p| panic!("{p}"));
    let sound = verified();
    assert!(sound.ready && sound.confined, "{}", shown(&sound.exercises[0].findings));

    let solution = "solutions/01_pairs/pair.rs";
    let begin = "pub async fn pair() -> Pair {\n";
    let reads = format!("{begin}    std::fs::read(\"/etc/passwd\").expect(\"as outside\");\n");
    kit.write(solution, &kit.read(solution).replace(begin, &reads));
    let report = verified();
    let found = shown(&report.exercises[0].findings);
    assert_eq!(found, format!("solution gate-solution-refused-confined {solution}\n"));
}

#[test]
fn answers_of_one_kind_may_take_turns_and_are_judged_all_the_same() {
    let kit = MiniKit::lay_out();
    let variant = "tests/pair/rejected/result-order-mixup--same.rs";
    kit.write(variant, &kit.read("solutions/01_pairs/pair.rs"));
    let options = VerifyOptions { spread: true, ..VerifyOptions::default() };
    let report = verify(&kit.open(), &options, |_| {}).unwrap_or_else(|p| panic!("{p}"));
    // Of eight answers two are accepted, and three are for one pitfall.
    assert_eq!(report.checks, 11);
    let exercise = &report.exercises[0];
    let told = format!("twins gate-twins {variant}\nrejected gate-rejected-passes {variant}\n");
    assert_eq!(shown(&exercise.findings), told);
    assert_eq!((exercise.rejected.good, exercise.rejected.all), (3, 4));
    assert_eq!(exercise.builds, Some(true), "one build alone says nothing of the other");
}

#[test]
fn a_stub_must_not_be_helped_and_must_compile() {
    let kit = MiniKit::lay_out();
    let stub = "exercises/01_pairs/pair.rs";
    let before = kit.read(stub);
    let mut all = String::new();
    for body in [
        "    Pair(1, 2)",
        "    tokio::time::sleep(std::time::Duration::from_secs(1)).await;\n    Pair(1, 2)",
        "    1",
    ] {
        kit.write(stub, &before.replace("    todo!()", body));
        all.push_str(&format!("{body}\n{}\n", shown(&exercise(&kit).findings)));
    }
    insta::assert_snapshot!(all);
}

/// Right in the first round of the kit's two tests, and sequential ever after.
const UNSTEADY: &str = r#"//! pair: right for a while.

use std::io::Write;
use std::time::Duration;

pub struct Pair(pub u32, pub u32);

pub async fn pair() -> Pair {
    let turns = std::fs::File::options().create(true).append(true).open("target/turns");
    let mut turns = turns.unwrap();
    turns.write_all(b".").unwrap();
    if turns.metadata().unwrap().len() > 3 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    Pair(1, 2)
}
"#;

#[test]
fn tests_that_do_not_always_say_the_same_are_found_in_more_rounds() {
    let kit = MiniKit::lay_out();
    // Tests run in the kit's root.
    let turns = kit.open().root().join("target/turns");
    kit.write("tests/pair/accepted/unsteady.rs", UNSTEADY);
    let found = |rounds| {
        let _ = std::fs::remove_file(&turns);
        let options =
            VerifyOptions { rounds, builds: vec![Build::Module], ..VerifyOptions::default() };
        let report = verify(&kit.open(), &options, |_| {}).unwrap_or_else(|p| panic!("{p}"));
        assert!(rounds == 1 || report.cached == 0);
        shown(&report.exercises[0].findings)
    };
    assert_eq!(found(1), "");
    let unsteady = "tests/pair/accepted/unsteady.rs";
    let told =
        format!("accepted gate-accepted-refused {unsteady}\nsteady gate-unsteady {unsteady}\n");
    assert_eq!(found(5), told);
}
