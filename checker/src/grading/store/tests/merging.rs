//! Stores of several shards become one.

use std::path::Path;

use super::super::{Detail, Merged, RunInfo, merge};
use super::*;
use crate::grading::model::{AttemptOutcome, Student};

const ALL: [&str; 1] = ["slot"];

fn put(store: &Store, student: &str, content: &str) {
    store.put_submission(&submission(student, &[("slot", content)]), &ALL).unwrap();
}

fn merged(folder: &Folder, name: &str, from: &[&str]) -> (Store, Merged) {
    let mut into = folder.store(name, 1);
    let paths: Vec<PathBuf> = from.iter().map(|name| folder.path(name)).collect();
    let merged = merge(&mut into, &paths).unwrap();
    into.check().unwrap();
    (into, merged)
}

fn conflicts(merged: &Merged) -> Vec<&str> {
    merged.conflicts.iter().map(|fact| fact.key.as_str()).collect()
}

fn content(store: &Store, student: &str) -> String {
    let hash: String = store
        .read(|tx| {
            let sql = "SELECT hash FROM attempts t JOIN answers a ON a.id = t.answer \
                       WHERE student = ?1 AND current = 1";
            Ok(tx.query_row(sql, [student], |row| row.get(0))?)
        })
        .unwrap();
    String::from_utf8(store.answer(&hash).unwrap()).unwrap()
}

#[test]
fn shards_together_are_what_one_machine_would_have_made() {
    let folder = Folder::new();
    let whole = folder.store("whole", 5);
    let roster = [Student { id: "c".to_owned(), ..Student::default() }];
    whole.put_students(&roster).unwrap();
    let shards = [folder.store("one", 7), folder.store("two", 3)];
    for (n, student) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        let shard = &shards[n % 2];
        shard.begin_run(&RunInfo::default()).unwrap();
        shard.put_students(&roster).unwrap();
        let content = if n < 3 { "wrong" } else { "good" };
        put(&whole, student, content);
        put(shard, student, content);
        grade(shard, &ALL, "t1");
    }
    grade(&whole, &ALL, "t1");
    let (ab, told) = merged(&folder, "ab", &["one", "two"]);
    assert_eq!(conflicts(&told), Vec::<&str>::new());
    assert_eq!((told.students, told.attempts, told.verdicts), (5, 5, 2));
    assert_eq!(ab.dump().unwrap(), whole.dump().unwrap());
    let (ba, _) = merged(&folder, "ba", &["two", "one"]);
    assert_eq!(ba.fingerprint().unwrap(), ab.fingerprint().unwrap());
    assert_eq!(ba.runs().unwrap().len(), 5);
    // Once more, and with itself in between.
    let (ab, told) = merged(&folder, "ab", &["one", "ba", "two", "one"]);
    assert_eq!(told, Merged::default());
    assert_eq!(ab.dump().unwrap(), whole.dump().unwrap());
    assert_eq!(ab.runs().unwrap().len(), 5);
    // The sources are as they were.
    assert_eq!(count(&shards[0], "SELECT count(*) FROM students"), 3);
}

#[test]
fn every_order_gives_the_same() {
    let folder = Folder::new();
    let make = |name: &str, time, contents: &[&str], tests: &str| {
        let store = folder.store(name, time);
        for content in contents {
            put(&store, "ada", content);
            grade(&store, &ALL, tests);
        }
    };
    make("x", 10, &["a", "b wrong"], "t1");
    make("y", 20, &["a"], "t2");
    make("z", 15, &["c wrong", "a", "c wrong"], "t1");
    make("w", 15, &["b wrong"], "t3");
    let names = ["x", "y", "z", "w"];
    let mut prints = std::collections::BTreeMap::new();
    for i in 0..24 {
        let (mut left, mut order, mut rest) = (names.to_vec(), vec![], i);
        while !left.is_empty() {
            order.push(left.remove(rest % left.len()));
            rest /= left.len() + 1;
        }
        let (store, _) = merged(&folder, &format!("m{i}"), &order);
        prints.insert(store.dump().unwrap(), order);
    }
    assert_eq!(prints.len(), 1, "{prints:#?}");
    // A tree of merges is no other than a list of them.
    merged(&folder, "xy", &["y", "x"]);
    merged(&folder, "zw", &["z", "w"]);
    let (store, _) = merged(&folder, "tree", &["zw", "xy"]);
    assert!(prints.contains_key(&store.dump().unwrap()));
    assert_eq!(content(&store, "ada"), "a", "y read it last");
}

#[test]
fn merging_into_an_empty_store_copies_it() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    for content in ["a", "wrong", "a"] {
        put(&store, "ada", content);
        grade(&store, &ALL, "t1");
    }
    grade(&store, &ALL, "t2");
    let (copy, _) = merged(&folder, "copy", &["store"]);
    assert_eq!(copy.dump().unwrap(), store.dump().unwrap());
    assert_eq!(copy.attempts(Detail::Whole).unwrap(), store.attempts(Detail::Whole).unwrap());
    assert_eq!(copy.waiting(&ALL, key("t2")).unwrap(), []);
}

#[test]
fn two_answers_of_one_student_are_told_and_the_later_one_counts() {
    let folder = Folder::new();
    put(&folder.store("old", 1), "ada", "old");
    put(&folder.store("new", 2), "ada", "new");
    for (name, order) in [("on", ["old", "new"]), ("no", ["new", "old"])] {
        let (store, told) = merged(&folder, name, &order);
        assert_eq!(conflicts(&told), ["store-conflict-attempt"]);
        let said = crate::text::say_fact(&told.conflicts[0]);
        for part in ["ada", "slot", &folder.path(order[1]).display().to_string()] {
            assert!(said.contains(part), "{said}");
        }
        assert_eq!(content(&store, "ada"), "new");
        assert_eq!(count(&store, "SELECT count(*) FROM attempts"), 2);
        // What was told is history now.
        let (_, told) = merged(&folder, name, &order);
        assert_eq!(told, Merged::default());
    }
}

#[test]
fn an_answer_that_followed_another_is_no_conflict() {
    let folder = Folder::new();
    put(&folder.store("first", 9), "ada", "old");
    let second = folder.store("second", 1);
    put(&second, "ada", "old");
    put(&second, "ada", "new");
    let (_, told) = merged(&folder, "into", &["first", "second"]);
    assert_eq!(conflicts(&told), Vec::<&str>::new());
}

#[test]
fn the_earliest_time_at_which_it_was_handed_in_counts() {
    let folder = Folder::new();
    for (name, time) in [("a", "2026-11-03T00:00:00Z"), ("b", "2026-11-02T00:00:00Z")] {
        let submitted = Some(time.parse().unwrap());
        let ada = Submission { submitted, ..submission("ada", &[("slot", "x")]) };
        folder.store(name, 1).put_submission(&ada, &ALL).unwrap();
    }
    for (name, order) in [("ab", ["a", "b"]), ("ba", ["b", "a"])] {
        let (store, told) = merged(&folder, name, &order);
        assert_eq!(conflicts(&told), Vec::<&str>::new());
        let early = Some("2026-11-02T00:00:00Z".parse().unwrap());
        assert_eq!(store.attempts(Detail::Marks).unwrap()[0].submitted, early);
    }
}

#[test]
fn verdicts_that_differ_are_told_unless_one_of_them_judges_nothing() {
    let folder = Folder::new();
    let make = |name: &str, time, verdict: &Verdict| {
        let store = folder.store(name, time);
        put(&store, "ada", "x");
        store.put_verdict("slot", &answer_hash(b"x"), "k", verdict).unwrap();
    };
    let slow = Verdict { timings: Timings::default(), ..failed("slot") };
    make("failed", 1, &failed("slot"));
    make("slow", 2, &slow);
    make("passed", 3, &right("slot"));
    make("internal", 4, &Verdict { status: Status::Internal, ..failed("slot") });
    let table: [(&[&str], &[&str], Status); 4] = [
        (&["failed", "slow"], &[], Status::Failed),
        (&["failed", "passed"], &["store-conflict-verdict"], Status::Passed),
        (&["passed", "failed"], &["store-conflict-verdict"], Status::Passed),
        (&["internal", "failed"], &[], Status::Failed),
    ];
    for (n, (order, keys, status)) in table.into_iter().enumerate() {
        let (store, told) = merged(&folder, &format!("m{n}"), order);
        assert_eq!(conflicts(&told), keys, "{order:?}");
        assert_eq!(store.verdict("k").unwrap().unwrap().status, status, "{order:?}");
        let rows = i64::try_from(store.verdict("k").unwrap().unwrap().tests.len()).unwrap();
        assert_eq!(count(&store, "SELECT count(*) FROM tests"), rows);
    }
}

#[test]
fn other_tests_are_told_and_the_later_verdict_counts() {
    let folder = Folder::new();
    for (name, time, tests) in [("old", 1, "t1"), ("new", 2, "t2")] {
        let store = folder.store(name, time);
        put(&store, "ada", "x");
        grade(&store, &ALL, tests);
    }
    for (name, order) in [("on", ["old", "new"]), ("no", ["new", "old"])] {
        let (store, told) = merged(&folder, name, &order);
        assert_eq!(conflicts(&told), ["store-conflict-link"]);
        assert_eq!(count(&store, "SELECT count(*) FROM verdicts"), 2);
        assert_eq!(
            count(
                &store,
                "SELECT key LIKE 't2%' FROM answers a JOIN verdicts v ON v.id = a.verdict"
            ),
            1
        );
        let (_, told) = merged(&folder, name, &order);
        assert_eq!(told, Merged::default());
    }
}

#[test]
fn two_rosters_that_differ_are_told() {
    let folder = Folder::new();
    for (name, time) in [("Ada", 1), ("Ada L.", 2)] {
        let student =
            Student { id: "1".to_owned(), name: Some(name.to_owned()), ..Student::default() };
        folder.store(name, time).put_students(&[student]).unwrap();
    }
    // No roster says anything here.
    folder.store("none", 3).put_submission(&submission("1", &[]), &ALL).unwrap();
    let (store, told) = merged(&folder, "into", &["Ada L.", "Ada", "none"]);
    assert_eq!(conflicts(&told), ["store-conflict-student"]);
    assert_eq!(store.students().unwrap()[0].name.as_deref(), Some("Ada L."));
}

#[test]
fn what_cannot_be_merged_adds_nothing() {
    let folder = Folder::new();
    put(&folder.store("good", 1), "ada", "x");
    let damaged = folder.store("damaged", 1);
    put(&damaged, "bob", "y");
    grade(&damaged, &ALL, "t1");
    damaged.write(|tx| Ok(tx.execute_batch("UPDATE verdicts SET packed = x'00'")?)).unwrap();
    std::fs::write(folder.path("text"), "no store").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path("into"), folder.path("itself")).unwrap();
    let mut into = folder.store("into", 1);
    let table = [
        ("missing", "store-none"),
        ("text", "store-foreign"),
        ("damaged", "store-damaged"),
        #[cfg(unix)]
        ("itself", "store-into-itself"),
        ("into", "store-into-itself"),
    ];
    for (name, key) in table {
        let before = into.dump().unwrap();
        let path = folder.path(name);
        let problem = merge(&mut into, &[&path]).unwrap_err();
        assert_eq!(problem.key(), key);
        assert!(problem.to_string().contains(&path.display().to_string()), "{problem}");
        assert_eq!(into.dump().unwrap(), before);
        // What stands before it in the list is added.
        merge(&mut into, &[folder.path("good"), path]).unwrap_err();
        assert_eq!(into.students().unwrap().len(), 1);
    }
    assert!(!Path::new(&folder.path("missing")).exists());
}

#[test]
fn attempts_that_wait_stay_so_until_somebody_checked_them() {
    let folder = Folder::new();
    put(&folder.store("waits", 9), "ada", "x");
    let done = folder.store("done", 1);
    put(&done, "bob", "x");
    grade(&done, &ALL, "t1");
    let (store, _) = merged(&folder, "into", &["waits"]);
    assert_eq!(store.attempts(Detail::Marks).unwrap()[0].outcome, AttemptOutcome::Waiting);
    let (store, told) = merged(&folder, "into", &["done", "waits"]);
    assert_eq!(conflicts(&told), Vec::<&str>::new());
    assert!(
        store
            .attempts(Detail::Marks)
            .unwrap()
            .iter()
            .all(|a| matches!(a.outcome, AttemptOutcome::Checked(_)))
    );
}
