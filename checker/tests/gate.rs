//! The author's gate: it lets a sound exercise through, and each of its checks
//! is seen to refuse what it is there for, alone.

mod alone;
#[cfg(target_os = "linux")]
mod here;
mod mini_kit;

#[cfg(target_os = "linux")]
use std::sync::Arc;

use asynclings::gate::report::{ExerciseReport, Finding, Report};
use asynclings::gate::{NewExercise, VerifyOptions, new_exercise, verify};
#[cfg(target_os = "linux")]
use asynclings::grading::sandbox::{Limits, Sandbox};
use asynclings::stubs;
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

/// A file, what stands in it, and what to put there; what is then found.
struct Fault {
    file: &'static str,
    change: Change,
    found: &'static str,
}

enum Change {
    Replace(&'static str, &'static str),
    Copy(&'static str),
    Remove,
}
use Change::{Copy, Remove, Replace};

const FAULTS: &[Fault] = &[
    Fault {
        file: "exercises/01_pairs/README.md",
        change: Remove,
        found: "files gate-missing exercises/01_pairs/README.md",
    },
    Fault {
        file: "tests/pair/compile_fail/look_twice.stderr",
        change: Remove,
        found: "files gate-no-stderr tests/pair/compile_fail/look_twice.stderr",
    },
    Fault {
        file: "tests/pair/compile_fail/look_twice.stderr",
        change: Replace("//", "--> $RUST/core/src/mem.rs"),
        found: "files gate-stderr-std tests/pair/compile_fail/look_twice.stderr",
    },
    Fault {
        file: "tests/pair/main.rs",
        change: Replace("mod hidden;", "mod hidden; // too"),
        found: "files gate-main-differs tests/pair/main.rs:12",
    },
    Fault {
        file: "solutions/lib.rs",
        change: Replace("01_pairs/pair.rs", "01_pairs/other.rs"),
        found: "files gate-no-module solutions/lib.rs",
    },
    Fault {
        file: "exercises/text/en/pair.toml",
        change: Replace("Wait for both at once.", "FILL IN"),
        found: "unfinished gate-unfinished exercises/text/en/pair.toml:2",
    },
    Fault {
        file: "exercises/catalogue.toml",
        change: Replace("minutes = 5", "minutes = 0"),
        found: "catalogue gate-catalogue-empty exercises/catalogue.toml:8",
    },
    Fault {
        file: "exercises/text/en/pair.toml",
        change: Replace("\n[tests]", "\n[tests]\nno_such_test = \"It holds.\""),
        found: "text gate-text-no-test exercises/text/en/pair.toml:7",
    },
    Fault {
        file: "exercises/text/en/pair.toml",
        change: Replace("\"Look at join!.\"", "\"\""),
        found: "text gate-text-empty exercises/text/en/pair.toml",
    },
    Fault {
        file: "exercises/text/en/pair.toml",
        change: Replace("two_pairs_take_two_seconds = \"Two pairs take two seconds.\"", ""),
        found: "text gate-text-no-sentence exercises/text/en/pair.toml",
    },
    Fault {
        file: "exercises/01_pairs/README.md",
        change: Replace("pair", "word"),
        found: "lesson gate-lesson-silent exercises/01_pairs/README.md",
    },
    Fault {
        file: "exercises/01_pairs/README.md",
        change: Replace("word word ", "word "),
        found: "lesson gate-lesson-length exercises/01_pairs/README.md",
    },
    Fault {
        file: "README.md",
        change: Replace("`pair`", "`gather_fetch`"),
        found: "lesson gate-readme-silent README.md",
    },
    Fault {
        file: "exercises/01_pairs/README.md",
        change: Replace(
            "pair\n",
            "pair\n    let ((first, second), time) = timed(async { (pair().await, pair().await) }).await;\n",
        ),
        found: "leak gate-leak exercises/01_pairs/README.md:4",
    },
    Fault {
        file: "exercises/catalogue.toml",
        change: Replace("stub = \"todo\"", "stub = \"sequential-awaits\""),
        found: "stub gate-stub-reason exercises/01_pairs/pair.rs",
    },
    Fault {
        file: "tests/pair/accepted/one_wait.rs",
        change: Copy("tests/pair/accepted/futures_join.rs"),
        found: "twins gate-twins tests/pair/accepted/one_wait.rs",
    },
    Fault {
        file: "solutions/01_pairs/pair.rs",
        change: Replace("async fn number", "async  fn number"),
        found: "format gate-format solutions/01_pairs/pair.rs:7",
    },
    Fault {
        file: "solutions/01_pairs/pair.rs",
        change: Replace("    Pair(one, two)", "    return Pair(one, two);"),
        found: "clippy gate-clippy solutions/01_pairs/pair.rs:18",
    },
    Fault {
        file: "solutions/01_pairs/pair.rs",
        change: Replace("from_secs(1)", "from_secs(2)"),
        found: "solution gate-solution-refused solutions/01_pairs/pair.rs",
    },
    Fault {
        file: "tests/pair/accepted/one_wait.rs",
        change: Replace("from_secs(1)", "from_secs(2)"),
        found: "accepted gate-accepted-refused tests/pair/accepted/one_wait.rs",
    },
    Fault {
        file: "tests/pair/rejected/result-order-mixup.rs",
        change: Replace("Pair(2, 1)", "Pair(1, 2)"),
        found: "rejected gate-rejected-passes tests/pair/rejected/result-order-mixup.rs",
    },
    Fault {
        file: "tests/pair/rejected/result-order-mixup.rs",
        change: Replace("from_secs(1)", "from_secs(2)"),
        found: "rejected gate-rejected-reason tests/pair/rejected/result-order-mixup.rs",
    },
    Fault {
        file: "tests/pair/rejected/sequential-awaits.rs",
        change: Remove,
        found: "uncaught gate-uncaught exercises/catalogue.toml",
    },
    Fault {
        file: "tests/pair/accepted/one_wait.rs",
        change: Replace("pub struct", "#[derive(Clone, Copy)]\npub struct"),
        found: "cases gate-case-compiles tests/pair/compile_fail/look_twice.rs:7",
    },
    Fault {
        file: "tests/pair/compile_fail/look_twice.rs",
        change: Replace("E0382", "E0505"),
        found: "cases gate-case-otherwise tests/pair/compile_fail/look_twice.rs:7\n\
                cases gate-case-otherwise tests/pair/compile_fail/look_twice.rs:7\n\
                cases gate-case-otherwise tests/pair/compile_fail/look_twice.rs:7",
    },
    Fault {
        file: "tests/pair/compile_fail/look_twice.rs",
        change: Replace("//~ E0382", "// E0382"),
        found: "cases gate-case-unmarked tests/pair/compile_fail/look_twice.rs",
    },
    Fault {
        file: "tests/pair/hidden.rs",
        change: Replace("    run(async {", "    let _more = 1;\n    run(async {"),
        found: "tests gate-not-one-run tests/pair/hidden.rs:7",
    },
    Fault {
        file: "tests/pair/hidden.rs",
        change: Replace("    run(async {", "    // gate: order-mixup\n    run(async {"),
        found: "tests gate-tests-unknown-pitfall tests/pair/hidden.rs:8",
    },
    Fault {
        file: "tests/pair/hidden.rs",
        change: Replace("fn two_pairs", "fn"),
        found: "tests gate-tests-unreadable tests/pair/hidden.rs:7",
    },
    // Nothing is kept for the kit by this `run`.
    Fault {
        file: "tests/pair/hidden.rs",
        change: Replace("use kit::{blame, run,", "fn run<T>(_: T) {}\nuse kit::{blame,"),
        found: "records gate-no-record tests/pair/hidden.rs",
    },
    Fault {
        file: "tests/pair/hidden.rs",
        change: Replace("#[test]", "#[cfg(any())]\n#[test]"),
        found: "builds gate-test-not-run solutions/01_pairs/pair.rs",
    },
];

#[test]
fn each_check_refuses_what_it_is_there_for_and_no_other_does() {
    let kit = MiniKit::lay_out();
    let mut wrong = String::new();
    for fault in FAULTS {
        let before = kit.read(fault.file);
        match fault.change {
            Replace(this, by) => {
                assert!(before.contains(this), "{} lacks {this}", fault.file);
                kit.write(fault.file, &before.replace(this, by));
            }
            Copy(from) => kit.write(fault.file, &kit.read(from)),
            Remove => kit.remove(fault.file),
        }
        let found = exercise(&kit).findings;
        if shown(&found).trim() != fault.found {
            wrong.push_str(&format!("expected:\n{}\nfound:\n{}\n", fault.found, shown(&found)));
        }
        kit.write(fault.file, &before);
    }
    assert_eq!(wrong, "");
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

#[test]
fn a_new_exercise_is_refused_for_everything_that_is_to_be_written() {
    let kit = MiniKit::lay_out();
    let wanted = NewExercise { name: "ferry".into(), chapter: 1, chapter_name: None };
    let written = new_exercise(&kit.open(), &wanted).unwrap_or_else(|p| panic!("{p}"));
    assert_eq!((written.new.len(), written.changed.len()), (8, 3));
    insta::assert_snapshot!("catalogue_with_a_new_exercise", kit.read("exercises/catalogue.toml"));
    insta::assert_snapshot!("library_with_a_new_exercise", kit.read("solutions/lib.rs"));

    let options = VerifyOptions {
        names: vec!["ferry".into()],
        builds: vec![Build::Module],
        ..VerifyOptions::default()
    };
    let report = verify(&kit.open(), &options, |_| {}).unwrap_or_else(|p| panic!("{p}"));
    let found = &report.exercises[0].findings;
    let told: String = found
        .iter()
        .map(|f| format!("{} {}\n    {}\n", f.check.name(), f.place(), f.says))
        .collect();
    insta::assert_snapshot!(told);
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

#[test]
fn a_list_of_stubs_must_know_each_of_them() {
    const LIST: &str = "exercises/stubs.sha256";
    let kit = MiniKit::lay_out();
    let missing = "files gate-stub-not-listed exercises/stubs.sha256\n";
    kit.write(LIST, "");
    assert_eq!(shown(&exercise(&kit).findings), missing);
    let line = |name: &str| {
        let kit = kit.open();
        let exercise = kit.catalogue().get(name).unwrap().clone();
        stubs::line(&exercise, &std::fs::read(kit.stub(&exercise)).unwrap())
    };
    kit.write(LIST, &line("pair").replace("exercises/", "elsewhere/"));
    assert_eq!(shown(&exercise(&kit).findings), missing);
    kit.write(LIST, &line("pair"));
    assert_eq!(shown(&exercise(&kit).findings), "");

    let wanted = NewExercise { name: "ferry".into(), chapter: 1, chapter_name: None };
    new_exercise(&kit.open(), &wanted).unwrap_or_else(|p| panic!("{p}"));
    assert_eq!(kit.read(LIST), line("ferry") + &line("pair"));
}

#[test]
fn a_new_chapter_takes_its_place() {
    let kit = MiniKit::lay_out();
    let make = |name: &str, chapter, chapter_name: &str| {
        let chapter_name = Some(chapter_name.to_owned());
        let wanted = NewExercise { name: name.to_owned(), chapter, chapter_name };
        new_exercise(&kit.open(), &wanted).unwrap_or_else(|p| panic!("{p}"));
    };
    make("last", 7, "ends");
    make("middle", 4, "means");
    insta::assert_snapshot!(kit.read("exercises/catalogue.toml"));
    assert!(kit.read("exercises/04_means/README.md").contains("`middle`"));
    let catalogue = kit.open().catalogue().clone();
    let names: Vec<&str> = catalogue.exercises().map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["pair", "middle", "last"]);
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_left() {
    let kit = MiniKit::lay_out();
    let before = kit.all_files();
    let refused = |name: &str, chapter, chapter_name: Option<&str>| {
        let wanted = NewExercise {
            name: name.to_owned(),
            chapter,
            chapter_name: chapter_name.map(str::to_owned),
        };
        let problem = new_exercise(&kit.open(), &wanted).expect_err(name);
        assert_eq!(kit.all_files(), before, "{name}");
        problem.key().to_owned()
    };
    for name in ["", "Ferry", "9lives", "two__words", "end_", "with-dash", "../out", "naïve"] {
        assert_eq!(refused(name, 1, None), "new-bad-name", "{name}");
    }
    for name in ["async", "loop", "self"] {
        assert_eq!(refused(name, 1, None), "new-keyword", "{name}");
    }
    for name in ["kit", "tokio", "toolbox", "async_stream", "hidden"] {
        assert_eq!(refused(name, 1, None), "new-taken", "{name}");
    }
    assert_eq!(refused("pair", 1, None), "new-known");
    assert_eq!(refused("ferry", 3, None), "new-chapter-unknown");
    assert_eq!(refused("ferry", 1, Some("boats")), "new-chapter-known");
    assert_eq!(refused("ferry", 3, Some("Boats")), "new-bad-name");

    kit.write("tests/ferry/visible.rs", "// Mine.\n");
    let with_mine = kit.all_files();
    let wanted = NewExercise { name: "ferry".into(), chapter: 1, chapter_name: None };
    assert_eq!(new_exercise(&kit.open(), &wanted).unwrap_err().key(), "new-exists");
    assert_eq!(kit.all_files(), with_mine);
}
