//! What is put comes back, once.

use super::super::{Detail, Put, RunInfo};
use super::*;
use crate::grading::model::{AttemptOutcome, Student};

const ALL: [&str; 2] = ["slot", "yield_now"];

fn status(store: &Store, student: &str, exercise: &str) -> Option<Status> {
    let attempts = store.attempts_of(student, Detail::Whole).unwrap();
    match &attempts.iter().find(|a| a.exercise == exercise).unwrap().outcome {
        AttemptOutcome::Checked(verdict) => Some(verdict.status),
        _ => None,
    }
}

#[test]
fn a_verdict_comes_back_equal_and_in_rows() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    store.put_submission(&submission("ada", &[("slot", "wrong")]), &["slot"]).unwrap();
    let hash = answer_hash(b"wrong");
    let verdict = failed("slot");
    store.put_verdict("slot", &hash, "k", &verdict).unwrap();
    assert_eq!(store.verdict("k").unwrap(), Some(verdict.clone()));
    assert_eq!(store.verdict("K").unwrap(), None);
    let [attempt] = &store.attempts(Detail::Whole).unwrap()[..] else { panic!("one attempt") };
    assert_eq!(attempt.outcome, AttemptOutcome::Checked(verdict.into()));
    assert_eq!(attempt.submitted, Some("2026-11-01T10:00:00Z".parse().unwrap()));
    assert_eq!(attempt.edition.as_deref(), Some("e1"));

    assert_eq!(count(&store, "SELECT count(*) FROM tests"), 2);
    assert_eq!(count(&store, "SELECT hidden FROM tests WHERE outcome = 'failed'"), 1);
    assert_eq!(count(&store, "SELECT sum(count) FROM events"), 2);
    assert_eq!(
        count(
            &store,
            "SELECT count(*) FROM diagnoses WHERE main = 1 AND source = 'test' \
             AND pitfall = 'sequential-awaits' AND stage = 'schedule' AND facts LIKE '%6s%'"
        ),
        1
    );
    assert_eq!(count(&store, "SELECT total_ms FROM verdicts"), 320);
}

#[test]
fn marks_do_without_what_is_large() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    store.put_submission(&submission("ada", &[("slot", "wrong")]), &["slot"]).unwrap();
    grade(&store, &["slot"], "t1");
    let [attempt] = &store.attempts(Detail::Marks).unwrap()[..] else { panic!("one attempt") };
    let AttemptOutcome::Checked(verdict) = &attempt.outcome else { panic!("checked") };
    let hidden = &verdict.tests[1];
    assert_eq!((hidden.output.as_str(), hidden.pitfall()), ("", Some("sequential-awaits")));
    assert!(hidden.record.as_ref().unwrap().events.is_empty());
}

#[test]
fn the_same_again_changes_nothing() {
    let folder = Folder::new();
    let mut store = folder.store("store", 1);
    store.clock = ticking();
    let ada = submission("ada", &[("slot", "wrong")]);
    assert_eq!(store.put_submission(&ada, &ALL).unwrap(), Put { new: 2, unchanged: 0 });
    assert_eq!(grade(&store, &ALL, "t1"), 1);
    let changes = || count(&store, "SELECT total_changes()");
    let (before, dump) = (changes(), store.dump().unwrap());
    assert_eq!(store.put_submission(&ada, &ALL).unwrap(), Put { new: 0, unchanged: 2 });
    assert_eq!(grade(&store, &ALL, "t1"), 0);
    let hash = answer_hash(b"wrong");
    let key = key("t1")("slot", &hash);
    store.put_verdict("slot", &hash, &key, &right("slot")).unwrap();
    store.link("slot", &hash, &key).unwrap();
    assert_eq!(changes(), before, "not a row was written");
    assert_eq!(store.dump().unwrap(), dump);
    assert_eq!(status(&store, "ada", "slot"), Some(Status::Failed), "the first verdict stays");
}

#[test]
fn a_changed_answer_is_a_new_attempt_and_the_old_one_is_history() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    let put = |content: &str| {
        let answers = [("slot", content), ("yield_now", "same")];
        store.put_submission(&submission("ada", &answers), &ALL).unwrap()
    };
    put("wrong");
    assert_eq!(grade(&store, &ALL, "t1"), 2);
    assert_eq!(put("good"), Put { new: 1, unchanged: 1 });
    assert_eq!(status(&store, "ada", "slot"), None, "waits");
    assert_eq!(grade(&store, &ALL, "t1"), 1);
    assert_eq!(status(&store, "ada", "slot"), Some(Status::Passed));
    assert_eq!(count(&store, "SELECT count(*) FROM attempts WHERE current = 0"), 1);
    // Back again: known, and nothing to do.
    assert_eq!(put("wrong"), Put { new: 1, unchanged: 1 });
    assert_eq!(grade(&store, &ALL, "t1"), 0);
    assert_eq!(status(&store, "ada", "slot"), Some(Status::Failed));
    assert_eq!(count(&store, "SELECT count(*) FROM attempts"), 3);
    assert_eq!(count(&store, "SELECT count(*) FROM attempts WHERE current = 1"), 2);
}

#[test]
fn what_is_refused_or_missing_is_never_checked() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    let mut ada = submission("ada", &[]);
    let why = Fact::new("too-large").with("bytes", 1);
    ada.answers.insert("slot".to_owned(), Answer::Refused(why.clone()));
    store.put_submission(&ada, &ALL).unwrap();
    assert_eq!(grade(&store, &ALL, "t1"), 0);
    let attempts = store.attempts_of("ada", Detail::Marks).unwrap();
    let outcomes: Vec<_> = attempts.iter().map(|a| &a.outcome).collect();
    assert_eq!(outcomes, [&AttemptOutcome::Refused(why), &AttemptOutcome::Missing]);
    // Then it is handed in, and then taken away again.
    store.put_submission(&submission("ada", &[("slot", "")]), &ALL).unwrap();
    assert_eq!(grade(&store, &ALL, "t1"), 1);
    assert_eq!(status(&store, "ada", "slot"), Some(Status::Passed));
    store.put_submission(&submission("ada", &[]), &ALL).unwrap();
    assert_eq!(status(&store, "ada", "slot"), None);
}

#[test]
fn an_exercise_that_is_not_asked_for_stays_as_it_was() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    store.put_submission(&submission("ada", &[("slot", "a"), ("yield_now", "b")]), &ALL).unwrap();
    let put = store.put_submission(&submission("ada", &[]), &["slot", "slot"]).unwrap();
    assert_eq!(put, Put { new: 1, unchanged: 0 });
    let jobs = store.waiting(&ALL, key("t1")).unwrap();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].exercise, "yield_now");
}

#[test]
fn one_answer_of_many_is_one_job_an_exercise() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    for student in ["ada", "bob", "eve"] {
        let answers = [("slot", "same"), ("yield_now", "same")];
        store.put_submission(&submission(student, &answers), &ALL).unwrap();
    }
    let jobs = store.waiting(&["yield_now", "slot"], key("t1")).unwrap();
    let told: Vec<_> = jobs.iter().map(|j| (j.exercise.as_str(), j.attempts)).collect();
    assert_eq!(told, [("yield_now", 3), ("slot", 3)]);
    assert_eq!(count(&store, "SELECT count(*) FROM contents"), 1);
    grade(&store, &["slot"], "t1");
    assert_eq!(status(&store, "eve", "slot"), Some(Status::Passed));
    assert_eq!(status(&store, "eve", "yield_now"), None);
}

#[test]
fn a_changed_test_regrades_what_it_touches_and_history_stays() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    for (student, content) in [("ada", "wrong"), ("bob", "good")] {
        let answers = [("slot", content), ("yield_now", content)];
        store.put_submission(&submission(student, &answers), &ALL).unwrap();
    }
    assert_eq!(grade(&store, &ALL, "t1"), 4);
    // The tests of one exercise change.
    let changed = |exercise: &str, answer: &str| {
        key(if exercise == "slot" { "t2" } else { "t1" })(exercise, answer)
    };
    let jobs = store.waiting(&ALL, changed).unwrap();
    assert!(jobs.iter().all(|job| job.exercise == "slot"));
    assert_eq!(jobs.len(), 2);
    assert_eq!(status(&store, "ada", "slot"), Some(Status::Failed), "until it is regraded");
    for job in jobs {
        store.put_verdict("slot", &job.answer, &job.key, &right("slot")).unwrap();
    }
    assert_eq!(store.waiting(&ALL, changed).unwrap(), []);
    assert_eq!(status(&store, "ada", "slot"), Some(Status::Passed));
    assert_eq!(count(&store, "SELECT count(*) FROM verdicts"), 6);
    // And back: nothing to check.
    assert_eq!(store.waiting(&ALL, key("t1")).unwrap(), []);
    assert_eq!(status(&store, "ada", "slot"), Some(Status::Failed));
}

#[test]
fn checking_that_did_not_work_is_tried_again_and_replaced() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    store.put_submission(&submission("ada", &[("slot", "wrong")]), &["slot"]).unwrap();
    for bad in [Status::Internal, Status::Cancelled] {
        let [job] = &store.waiting(&["slot"], key("t1")).unwrap()[..] else { panic!("one job") };
        let verdict = Verdict { status: bad, ..failed("slot") };
        store.put_verdict("slot", &job.answer, &job.key, &verdict).unwrap();
        assert_eq!(status(&store, "ada", "slot"), Some(bad));
    }
    assert_eq!(grade(&store, &["slot"], "t1"), 1);
    assert_eq!(status(&store, "ada", "slot"), Some(Status::Failed));
    assert_eq!(count(&store, "SELECT count(*) FROM tests"), 2, "rows are replaced, not added");
    let internal = Verdict { status: Status::Internal, ..right("slot") };
    let hash = answer_hash(b"wrong");
    store.put_verdict("slot", &hash, &key("t1")("slot", &hash), &internal).unwrap();
    assert_eq!(status(&store, "ada", "slot"), Some(Status::Failed));
}

#[test]
fn a_verdict_of_another_version_is_none() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    store.put_submission(&submission("ada", &[("slot", "a")]), &["slot"]).unwrap();
    let hash = answer_hash(b"a");
    let newer = Verdict { version: crate::verdict::VERSION + 1, ..right("slot") };
    store.put_verdict("slot", &hash, &key("t1")("slot", &hash), &newer).unwrap();
    assert_eq!(store.verdict(&key("t1")("slot", &hash)).unwrap(), None);
    assert_eq!(status(&store, "ada", "slot"), None);
    assert_eq!(store.statistics().unwrap()[0].waiting, 1);
    assert_eq!(grade(&store, &["slot"], "t1"), 1);
    assert_eq!(status(&store, "ada", "slot"), Some(Status::Passed));
}

#[test]
fn verdicts_on_what_is_not_there_are_refused() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    store.put_submission(&submission("ada", &[("slot", "a")]), &["slot"]).unwrap();
    store.put_submission(&submission("bob", &[("slot", "b")]), &["slot"]).unwrap();
    let (a, b) = (answer_hash(b"a"), answer_hash(b"b"));
    let put = |exercise, hash: &str, key| {
        store.put_verdict(exercise, hash, key, &right("slot")).map_err(|e| e.key().to_owned())
    };
    assert_eq!(put("yield_now", &a, "k"), Err("store-no-answer".to_owned()));
    assert_eq!(put("slot", "", "k"), Err("store-no-answer".to_owned()));
    assert_eq!(put("slot", &a, "k"), Ok(()));
    assert_eq!(put("slot", &b, "k"), Err("store-key-of-other".to_owned()));
    assert_eq!(store.link("slot", &b, "k").unwrap_err().key(), "store-key-of-other");
    assert_eq!(store.link("slot", &b, "none").unwrap_err().key(), "store-no-verdict");
    let same_key = |_: &str, _: &str| "k".to_owned();
    assert_eq!(store.waiting(&["slot"], same_key).unwrap_err().key(), "store-key-of-other");
    assert_eq!(store.answer("none").unwrap_err().key(), "store-no-answer");
    assert_eq!(status(&store, "bob", "slot"), None, "nothing came of any of it");
}

#[test]
fn copying_a_submission_makes_nobody_late() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    let times = [None, Some("2026-11-02T00:00:00Z"), Some("2026-11-01T00:00:00Z"), None]
        .map(|time| time.map(|t| t.parse().unwrap()));
    let kept = [times[0], times[1], times[2], times[2]];
    for (time, kept) in times.into_iter().zip(kept) {
        let ada = Submission { submitted: time, ..submission("ada", &[("slot", "a")]) };
        store.put_submission(&ada, &["slot"]).unwrap();
        assert_eq!(store.attempts(Detail::Marks).unwrap()[0].submitted, kept);
        assert_eq!(store.submissions().unwrap()[0].submitted, kept);
    }
    // Another answer is handed in when it is handed in.
    let late = times[1];
    let ada = Submission { submitted: late, ..submission("ada", &[("slot", "b")]) };
    store.put_submission(&ada, &["slot"]).unwrap();
    assert_eq!(store.attempts(Detail::Marks).unwrap()[0].submitted, late);
    assert_eq!(store.submissions().unwrap()[0].submitted, late);
}

#[test]
fn the_newest_submission_is_told() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    let mut first = submission("ada", &[("slot", "a")]);
    first.notes = vec![Fact::new("link").with("place", "x")];
    let second = Submission { edition: None, notes: vec![], ..first.clone() };
    for (put, notes) in [(&first, 1), (&second, 0), (&first, 1)] {
        store.put_submission(put, &["slot"]).unwrap();
        let [told] = &store.submissions().unwrap()[..] else { panic!("one student") };
        assert_eq!((told.notes.len(), &told.edition), (notes, &put.edition));
        assert_eq!(told.source, put.source);
        assert_eq!(store.attempts(Detail::Marks).unwrap()[0].edition, put.edition);
    }
}

#[test]
fn students_stand_in_the_order_of_the_roster() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    store.put_submission(&submission("zoe", &[]), &ALL).unwrap();
    store.put_submission(&submission("", &[]), &ALL).unwrap();
    let student = |id: &str, name: &str| Student {
        id: id.to_owned(),
        name: Some(name.to_owned()),
        columns: [("Canvas ID".to_owned(), "=1+1".to_owned())].into(),
        ..Student::default()
    };
    let roster = [student("zoe", "Zoe"), student("ada", "Ada")];
    for _ in 0..2 {
        store.put_students(&roster).unwrap();
        let all = store.students().unwrap();
        assert_eq!(all[..2], roster);
        assert_eq!(all[2], Student::default());
    }
    store.put_students(&[student("ada", "Ada L.")]).unwrap();
    let names: Vec<_> = store.students().unwrap().into_iter().map(|s| s.name).collect();
    assert_eq!(names, [Some("Ada L.".to_owned()), Some("Zoe".to_owned()), None]);
}

#[test]
fn runs_are_remembered_and_their_missing_layers_told_while_they_matter() {
    let folder = Folder::new();
    let mut store = folder.store("store", 1);
    store.clock = ticking();
    store.put_submission(&submission("ada", &[("slot", "a")]), &["slot"]).unwrap();
    let open = RunInfo { missing: vec!["network".to_owned()], ..RunInfo::default() };
    store.begin_run(&open).unwrap();
    grade(&store, &["slot"], "t1");
    assert_eq!(store.unsandboxed().unwrap(), ["network"]);
    // The run was killed; the next one is fenced in and regrades everything.
    let store = Store { run: 0.into(), ..store };
    let fenced = RunInfo { held: vec!["network".to_owned()], ..RunInfo::default() };
    let run = store.begin_run(&fenced).unwrap();
    assert_eq!(store.unsandboxed().unwrap(), ["network"]);
    grade(&store, &["slot"], "t2");
    store.end_run(run).unwrap();
    assert_eq!(store.unsandboxed().unwrap(), Vec::<String>::new());
    let runs = store.runs().unwrap();
    assert_eq!(runs.len(), 2);
    assert_eq!((&runs[0].info, runs[0].ended), (&open, None));
    assert!(runs[1].info == fenced && runs[1].ended > Some(runs[1].begun));
}

#[test]
fn statistics_count_students_and_not_verdicts() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    for (student, content) in [("a", "wrong"), ("b", "wrong"), ("c", "good"), ("d", "other")] {
        store.put_submission(&submission(student, &[("slot", content)]), &["slot"]).unwrap();
    }
    store.put_submission(&submission("e", &[]), &["slot"]).unwrap();
    let mut f = submission("f", &[]);
    f.answers.insert("slot".to_owned(), Answer::Refused(Fact::new("x")));
    store.put_submission(&f, &["slot"]).unwrap();
    for job in store.waiting(&["slot"], key("t1")).unwrap() {
        if job.answer == answer_hash(b"other") {
            continue;
        }
        let wrong = job.answer == answer_hash(b"wrong");
        let verdict = if wrong { failed("slot") } else { right("slot") };
        store.put_verdict("slot", &job.answer, &job.key, &verdict).unwrap();
    }
    let all = store.statistics().unwrap();
    let [slot] = &all[..] else { panic!("one exercise") };
    assert_eq!((slot.attempts, slot.missing, slot.refused), (5, 1, 1));
    assert_eq!((slot.passed, slot.waiting), (1, 1));
    assert_eq!(slot.by_status, [("failed".to_owned(), 2), ("passed".to_owned(), 1)].into());
    assert_eq!(slot.by_pitfall, [("sequential-awaits".to_owned(), 2)].into());
    assert_eq!(slot.median_millis, Some(0), "of two checks, 0 and 320 ms");
    let tests: Vec<_> = slot.tests.iter().map(|t| (&t.name[..], t.passed, t.failed)).collect();
    assert_eq!(tests, [("hidden::overlaps", 0, 2), ("visible::fills", 3, 0)]);
}

#[test]
fn a_fingerprint_is_of_what_was_graded_and_not_of_when() {
    let folder = Folder::new();
    let slow = |verdict: &mut Verdict| {
        verdict.timings.total = 9;
        verdict.cached = true;
        verdict.tests[1].millis = 77;
    };
    let make = |name: &str, time, students: [&str; 2], change: &dyn Fn(&mut Verdict)| {
        let store = folder.store(name, time);
        for student in students {
            let mut put = submission(student, &[("slot", "wrong")]);
            put.source = PathBuf::from(name);
            store.put_submission(&put, &["slot"]).unwrap();
        }
        store.begin_run(&RunInfo { engine: name.to_owned(), ..RunInfo::default() }).unwrap();
        let mut verdict = failed("slot");
        change(&mut verdict);
        store.put_verdict("slot", &answer_hash(b"wrong"), "k", &verdict).unwrap();
        (store.fingerprint().unwrap(), store.dump().unwrap())
    };
    let one = make("one", 1, ["ada", "bob"], &|_| {});
    let two = make("two", 99, ["bob", "ada"], &slow);
    assert_eq!(one, two);
    let other = make("other", 1, ["ada", "eve"], &|_| {});
    let event = make("event", 1, ["ada", "bob"], &|v| {
        v.tests[1].record.as_mut().unwrap().events.clear();
    });
    assert_ne!(one.0, other.0);
    assert_ne!(one.0, event.0);
}

#[test]
fn threads_share_a_store_and_programs_its_file() {
    let folder = Folder::new();
    let first = Store::open(&folder.path("store")).unwrap();
    let second = Store::open(&folder.path("store")).unwrap();
    std::thread::scope(|scope| {
        for (n, store) in [&first, &second, &first, &second].into_iter().enumerate() {
            scope.spawn(move || {
                for student in 0..10 {
                    // Everyone is put by everybody; one in four has another answer.
                    let content = format!("wrong {}", student % 4);
                    let put = submission(&format!("s{student}"), &[("slot", &content)]);
                    store.put_submission(&put, &["slot"]).unwrap();
                    if n % 2 == 0 {
                        grade(store, &["slot"], "t1");
                    }
                }
            });
        }
    });
    grade(&second, &["slot"], "t1");
    first.check().unwrap();
    assert_eq!(count(&first, "SELECT count(*) FROM attempts"), 10);
    assert_eq!(count(&first, "SELECT count(*) FROM verdicts"), 4);
    assert_eq!(count(&first, "SELECT count(*) FROM tests"), 8);
}

#[test]
fn a_transaction_that_panics_leaves_nothing_behind() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    let before = store.dump().unwrap();
    let panics = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = store.write::<()>(|tx| {
            super::super::students::ensure(tx, "ada")?;
            panic!("half-way");
        });
    }));
    assert!(panics.is_err());
    assert_eq!(store.dump().unwrap(), before);
    store.put_submission(&submission("ada", &[]), &ALL).unwrap();
}
