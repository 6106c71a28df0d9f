//! A policy file and its mistakes.

use super::*;
use crate::grading::sample;

fn course(text: &str) -> Result<Course> {
    let (_folder, kit) = sample::kit();
    parse(text, Path::new("course.toml"), &kit)
}

#[test]
fn without_a_file_it_is_as_the_catalogue_has_it() {
    let (_folder, kit) = sample::kit();
    let course = Course::default_for(&kit).unwrap();
    assert_eq!(course.exercises().collect::<Vec<_>>(), ["one", "two", "three"]);
    let one = course.graded("one").unwrap();
    assert_eq!((one.max, one.due.clone()), (Cents(1_000), None));
    let names: Vec<&str> = one.checks.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["a_test", "another", "deep", "deeper", "misuse"]);
    assert_eq!(course.limits, Limits::default());
    assert_eq!(course.policy.crates, ["futures", "tokio"], "neither the kit nor the checker");
}

#[test]
fn everything_that_can_be_said_is_understood() {
    let course = course(
        r#"
title = " Async Rust, autumn "
chapters = [1]
[points]
one = 20
two = 7.5
[weights.one]
deep = 5
hidden = 3
misuse = 0
[due]
default = "2026-12-01T23:59:00+01:00[Europe/Berlin]"
"1" = "2026-11-01T12:00:00Z"
two = "2026-11-02T12:00:00+00:00"
[late]
grace_minutes = 15
per_day_percent = 12.5
at_most_percent = 50
refuse_after_days = 7
[extensions.ada]
days = 3
[partial]
credit = "all-or-nothing"
compile_only_percent = 10
[limits]
test_seconds = 5
compile_seconds = 60
memory_mib = 512
processes = 32
output_kib = 16
[policy]
unsafe = "forbid"
crates = ["tokio", "tokio"]
"#,
    )
    .unwrap();
    assert_eq!(course.title, "Async Rust, autumn");
    assert_eq!(course.exercises().collect::<Vec<_>>(), ["one", "two"], "chapter 3 is not graded");
    let (one, two) = (course.graded("one").unwrap(), course.graded("two").unwrap());
    assert_eq!((one.max, two.max), (Cents(2_000), Cents(750)));
    let weights: Vec<u32> = one.checks.iter().map(|c| c.weight).collect();
    assert_eq!(weights, [1, 1, 5, 3, 0], "a test's own weight counts, not its group's");
    let instant = |graded: &Graded| graded.due.as_ref().unwrap().timestamp().to_string();
    assert_eq!(instant(one), "2026-11-01T12:00:00Z", "the chapter's");
    assert_eq!(instant(two), "2026-11-02T12:00:00Z", "its own");
    let late = Late {
        grace_minutes: 15,
        per_day: 1_250,
        at_most: Some(5_000),
        refuse_after_days: Some(7),
    };
    assert_eq!(course.late, late);
    assert_eq!(course.extended().collect::<Vec<_>>(), ["ada"]);
    assert_eq!(course.partial, Partial { credit: Credit::AllOrNothing, compiles: 1_000 });
    let limits = Limits {
        test_seconds: 5,
        compile_seconds: 60,
        memory_mib: 512,
        processes: 32,
        output_kib: 16,
    };
    assert_eq!(course.limits, limits);
    assert_eq!(course.policy.crates, ["tokio"]);
}

#[test]
fn a_mistake_is_told_with_its_line() {
    // What is typed from line 2 on, the key, the line, and what is said.
    let table = [
        ("titel = 'x'", "bad-toml", 2, "titel"),
        ("title = ' '", "course-empty-title", 2, "title"),
        ("chapters = [1, 2]", "course-unknown-chapter", 2, "1, 3"),
        ("[points]\nonee = 1", "course-unknown-exercise", 3, "one"),
        ("[points]\none = -1", "course-points", 3, "one"),
        ("[points]\none = nan", "course-points", 3, "one"),
        ("[points]\none = inf", "course-points", 3, "one"),
        ("[points]\none = 'x'", "bad-toml", 3, "expected"),
        ("[points]\none = 1\none = 2", "bad-toml", 4, "duplicate"),
        ("[weights.four]\na_test = 1", "course-unknown-exercise", 2, "four"),
        ("[weights.one]\na_tset = 1", "course-unknown-test", 3, "a_test"),
        ("[weights.three]\nmisuse = 1", "course-unknown-test", 3, "three"),
        ("[weights.one]\na_test = -1", "bad-toml", 3, "-1"),
        ("[weights.one]\na_test = 4000000", "course-range", 3, "4000000"),
        ("[due]\ndefault = 'tomorrow'", "course-bad-date", 3, "tomorrow"),
        ("[due]\ndefault = '2026-12-01T23:59:00'", "course-bad-date", 3, "time zone"),
        ("[due]\ndefault = '2026-02-30T12:00:00Z'", "course-bad-date", 3, "2026-02-30"),
        ("[due]\ndefault = '2026-12-01T12:00:00[Mars/Base]'", "course-bad-date", 3, "Mars"),
        ("[due]\ndefault = '9999-12-01T12:00:00Z'", "course-bad-date", 3, "9999"),
        ("[due]\n\"2\" = '2026-12-01T12:00:00Z'", "course-unknown-exercise", 3, "`2`"),
        ("[due]\nfour = '2026-12-01T12:00:00Z'", "course-unknown-exercise", 3, "four"),
        ("[late]\nper_day_percent = 101", "course-percent", 3, "100"),
        ("[late]\nat_most_percent = -1", "course-percent", 3, "100"),
        ("[late]\nper_day = 1", "bad-toml", 3, "per_day"),
        ("[late]\ngrace_minutes = 99999", "course-range", 3, "grace_minutes"),
        ("[extensions.ada]\ndays = 99999", "course-range", 3, "99999"),
        ("[extensions.ada]\nday = 1", "bad-toml", 3, "day"),
        ("[partial]\ncredit = 'some'", "bad-toml", 3, "some"),
        ("[limits]\ntest_seconds = 0", "course-range", 3, "test_seconds"),
        ("[limits]\nmemory_mib = 1", "course-range", 3, "memory_mib"),
        ("[policy]\nunsafe = 'allow'", "course-unsafe", 3, "forbid"),
        ("[policy]\ncrates = ['serde']", "course-unknown-crate", 3, "futures, tokio"),
        ("[policy]\ncrates = ['kit']", "course-unknown-crate", 3, "kit"),
    ];
    for (text, key, line, said) in table {
        let error = course(&format!("# a course\n{text}\n")).unwrap_err();
        let told = error.to_string();
        assert_eq!(error.key(), key, "{text}: {told}");
        assert!(told.contains(&format!("course.toml:{line}: ")), "{text}: {told}");
        assert!(told.contains(said), "{text}: {told}");
    }
}

#[test]
fn the_example_fits_the_kit_and_says_what_holds_without_it() {
    let kit = Kit::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    let example = parse(Course::EXAMPLE, Path::new("example.toml"), &kit).unwrap();
    let default = Course::default_for(&kit).unwrap();
    assert_eq!(example.title, default.title);
    assert_eq!(example.partial, default.partial);
    assert_eq!((example.limits, &example.policy), (default.limits, &default.policy));
    for (said, unsaid) in example.exercises.iter().zip(&default.exercises) {
        assert_eq!((said.max, &said.checks), (unsaid.max, &unsaid.checks), "{}", said.name);
        assert!(said.due.is_some() && unsaid.due.is_none());
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let (folder, kit) = sample::kit();
    let error = Course::read(&folder.path().join("none.toml"), &kit).unwrap_err();
    assert_eq!(error.key(), "cannot-read");
    assert!(error.to_string().contains("none.toml"), "{error}");
}
