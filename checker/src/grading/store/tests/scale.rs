//! A large course: what is asked most often must not read everything.

use super::super::answers::WAITING;
use super::super::verdicts::STANDING;
use super::super::{Detail, Store};
use super::*;

const EXERCISES: [&str; 10] = ["e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9"];

/// How SQLite would go about a query.
fn plan(store: &Store, sql: &str, value: &str) -> Vec<String> {
    store
        .read(|tx| {
            let mut explain = tx.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let steps = explain.query_map([value], |row| row.get(3))?;
            Ok(steps.collect::<rusqlite::Result<_>>()?)
        })
        .unwrap()
}

#[test]
fn many_students_with_few_answers() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    for student in 0..100 {
        let contents: Vec<String> =
            (0..10).map(|e| format!("{e} {} wrong", (student * (e + 1)) % 30)).collect();
        let answers: Vec<(&str, &str)> =
            EXERCISES.iter().zip(&contents).map(|(e, c)| (*e, c.as_str())).collect();
        store.put_submission(&submission(&format!("s{student}"), &answers), &EXERCISES).unwrap();
    }
    let distinct = usize::try_from(count(&store, "SELECT count(*) FROM answers")).unwrap();
    assert!(distinct <= 300);
    assert_eq!(grade(&store, &EXERCISES, "t1"), distinct);
    assert_eq!(grade(&store, &EXERCISES, "t1"), 0);
    assert_eq!(count(&store, "SELECT count(*) FROM attempts"), 1000);
    assert_eq!(count(&store, "SELECT count(*) FROM verdicts"), distinct as i64);
    assert_eq!(store.attempts(Detail::Marks).unwrap().len(), 1000);
}

#[test]
fn what_is_asked_most_often_goes_by_an_index() {
    let folder = Folder::new();
    let store = folder.store("store", 1);
    let queries = [
        (WAITING, &["answers", "attempts_by_answer"][..]),
        (STANDING, &["verdicts"]),
        ("SELECT packed FROM contents WHERE hash = ?1", &["contents"]),
        ("SELECT * FROM attempts WHERE current = 1 AND student = ?1", &["attempts_"]),
        ("SELECT max(seen) FROM attempts WHERE student = ?1", &["attempts_once"]),
    ];
    for (sql, indexes) in queries {
        let plan = plan(&store, sql, "x");
        assert!(plan.iter().all(|step| !step.starts_with("SCAN")), "{sql}: {plan:?}");
        assert!(plan.iter().all(|step| !step.contains("TEMP B-TREE")), "{sql}: {plan:?}");
        for index in indexes {
            assert!(plan.iter().any(|step| step.contains(index)), "{sql}: {plan:?}");
        }
    }
}
