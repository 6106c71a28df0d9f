//! Marks for verdicts of every kind.

use super::*;
use crate::grading::sample;
use crate::verdict::TestOutcome;

/// `one` is worth ten points and has five checks.
fn course(extra: &str) -> Course {
    let (_folder, kit) = sample::kit();
    super::super::file::parse(extra, std::path::Path::new("course.toml"), &kit).unwrap()
}

fn marked(course: &Course, outcome: AttemptOutcome) -> (f64, Vec<String>) {
    let mark = course.mark(&sample::attempt("ada", "one", outcome));
    (mark.points, mark.reasons.into_iter().map(|f| f.key).collect())
}

fn checked(course: &Course, verdict: Verdict) -> (f64, Vec<String>) {
    marked(course, AttemptOutcome::Checked(verdict.into()))
}

#[test]
fn a_right_answer_gets_all() {
    let mark = course("").mark(&sample::attempt("ada", "one", sample::checked(sample::passed())));
    assert_eq!((mark.points, mark.max, mark.earned), (10.0, 10.0, 10.0));
    assert!(mark.reasons.is_empty() && mark.late_seconds.is_none());
}

#[test]
fn what_is_in_doubt_is_worth_nothing_and_says_why() {
    let course = course("");
    let with = |status| Verdict { status, ..sample::passed() };
    let table = [
        (with(Status::Internal), "course-to-be-regraded"),
        (with(Status::Cancelled), "course-to-be-regraded"),
        (with(Status::NotStarted), "course-not-started"),
        (with(Status::DoesNotCompile), "course-does-not-compile"),
        (Verdict { untouched: true, ..sample::passed() }, "course-not-started"),
        (Verdict { untouched: true, ..with(Status::Failed) }, "course-not-started"),
        (Verdict { exercise: "two".into(), ..sample::passed() }, "course-to-be-regraded"),
        (Verdict { version: verdict::VERSION + 1, ..sample::passed() }, "course-to-be-regraded"),
        (Verdict { tests: Vec::new(), ..sample::passed() }, "course-to-be-regraded"),
        (Verdict { misuse: Vec::new(), ..sample::passed() }, "course-to-be-regraded"),
    ];
    for (verdict, key) in table {
        let said = format!("{:?}", verdict.status);
        assert_eq!(checked(&course, verdict), (0.0, vec![key.to_owned()]), "{said}");
    }
    let fact = Fact::new("course-missing");
    for (outcome, keys) in [
        (AttemptOutcome::Missing, vec!["course-missing"]),
        (AttemptOutcome::Waiting, vec!["course-waiting"]),
        (AttemptOutcome::Refused(fact), vec!["course-refused", "course-missing"]),
    ] {
        let keys: Vec<String> = keys.into_iter().map(str::to_owned).collect();
        assert_eq!(marked(&course, outcome), (0.0, keys));
    }
}

#[test]
fn a_pass_that_a_test_of_it_contradicts_is_none() {
    let course = course("");
    for outcome in [
        TestOutcome::Failed,
        TestOutcome::ExitedEarly,
        TestOutcome::Crashed,
        TestOutcome::Hung,
        TestOutcome::NotRun,
    ] {
        let mut verdict = sample::passed();
        verdict.tests[3].outcome = outcome;
        assert_eq!(checked(&course, verdict.clone()).0, 0.0, "{outcome:?}");
        verdict.status = Status::Failed;
        assert_eq!(checked(&course, verdict).0, 8.0, "{outcome:?}");
    }
    // The same name twice, once failed: failed.
    let mut twice = sample::passed();
    twice.tests.push(sample::test("hidden::deep", TestOutcome::Failed));
    assert_eq!(checked(&course, twice).0, 0.0);
    // A visible test does not stand for a hidden one of the same name.
    let mut moved = Verdict { status: Status::Failed, ..sample::passed() };
    moved.tests[2] = sample::test("visible::deep", TestOutcome::Passed);
    assert_eq!(checked(&course, moved).0, 8.0);
    // Nor does a test that the kit does not have add anything.
    let mut more = Verdict { status: Status::Failed, ..sample::passed() };
    more.tests.truncate(1);
    more.misuse.clear();
    more.tests.push(sample::test("hidden::made_up", TestOutcome::Passed));
    assert_eq!(checked(&course, more).0, 2.0);
}

#[test]
fn parts_count_by_weight_and_never_make_the_whole() {
    let mut failed = Verdict { status: Status::Failed, ..sample::passed() };
    failed.tests[2].outcome = TestOutcome::Failed;
    failed.misuse.clear();
    // Three of five passed.
    let table = [
        ("", 6.0),
        ("[weights.one]\ndeep = 3\n", 4.29),
        ("[weights.one]\ndeep = 0\nmisuse = 0\n", 9.99),
        ("[weights.one]\nvisible = 0\nhidden = 0\ncompile_fail = 0\n", 0.0),
        ("[points]\none = 0\n", 0.0),
        ("[points]\none = 0.01\n", 0.0),
        ("[points]\none = 1.01\n", 0.61),
        ("[partial]\ncredit = \"all-or-nothing\"\n", 0.0),
        ("[partial]\ncredit = \"all-or-nothing\"\ncompile_only_percent = 25\n", 2.5),
        ("[partial]\ncompile_only_percent = 25\n", 6.0),
        ("[partial]\ncompile_only_percent = 100\n", 9.99),
    ];
    for (policy, points) in table {
        for status in [Status::Failed, Status::Hung, Status::Crashed] {
            let verdict = Verdict { status, ..failed.clone() };
            assert_eq!(checked(&course(policy), verdict).0, points, "{policy}");
        }
    }
    let all_pass = Verdict { status: Status::Crashed, ..sample::passed() };
    assert_eq!(checked(&course(""), all_pass).0, 9.99, "only a pass is worth all");
}

#[test]
fn a_late_answer_loses_of_what_it_earned() {
    let course = course(
        "[due]\none = \"2026-12-01T12:00:00Z\"\n[late]\nper_day_percent = 15\n\
         [extensions.bob]\ndays = 1\n[points]\none = 3.33\n",
    );
    let mark = |student: &str, verdict: Verdict| {
        let mut attempt = sample::attempt(student, "one", sample::checked(verdict));
        attempt.submitted = Some("2026-12-02T12:00:00Z".parse().unwrap());
        course.mark(&attempt)
    };
    let ada = mark("ada", sample::passed());
    assert_eq!((ada.earned, ada.points, ada.late_seconds), (3.33, 2.83, Some(86_400)));
    assert_eq!(ada.reasons[0].key, "course-late");
    let bob = mark("bob", sample::passed());
    assert_eq!((bob.points, bob.late_seconds), (3.33, None));
    assert_eq!(bob.reasons[0].key, "course-extension");
    let failed = mark("ada", Verdict { status: Status::DoesNotCompile, ..sample::passed() });
    assert_eq!(failed.reasons.len(), 1, "nothing to lose, nothing to say");
    assert_eq!(failed.late_seconds, Some(86_400));
}

#[test]
fn an_exercise_that_is_not_graded_is_worth_nothing() {
    let mark = course("").mark(&sample::attempt("ada", "four", AttemptOutcome::Missing));
    assert_eq!((mark.points, mark.max), (0.0, 0.0));
    assert_eq!(mark.reasons[0].key, "course-not-graded");
}
