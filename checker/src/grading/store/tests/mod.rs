//! A store is tried on small courses, in folders of their own.

mod interrupting;
mod keeping;
mod merging;
mod migrating;
mod opening;
mod scale;

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};

use record::{Diagnosis, Event, Fact, Kind, Outcome, Record};

use super::{Store, answer_hash};
use crate::grading::model::{Answer, Submission};
use crate::verdict::tests::{passed, test};
use crate::verdict::{MainDiagnosis, Source, Status, TestOutcome, Timings, Verdict};

/// A folder that goes away with the test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A store whose clock stands still at `time`.
    fn store(&self, name: &str, time: i64) -> Store {
        let mut store = Store::open(&self.path(name)).unwrap();
        store.clock = Box::new(move || time);
        store
    }
}

/// A submission of text answers.
fn submission(student: &str, answers: &[(&str, &str)]) -> Submission {
    let answer = |(exercise, content): &(&str, &str)| {
        let place = format!("{exercise}.rs");
        ((*exercise).to_owned(), Answer::Taken { place, content: (*content).into() })
    };
    Submission {
        student: student.to_owned(),
        source: PathBuf::from("/in").join(student),
        edition: Some("e1".to_owned()),
        submitted: Some("2026-11-01T10:00:00Z".parse().unwrap()),
        answers: answers.iter().map(answer).collect(),
        notes: vec![],
    }
}

/// A wrong answer's verdict: a visible test that passed and a hidden one that
/// saw a pitfall.
fn failed(exercise: &str) -> Verdict {
    let event = |at_us, kind| Event { at_us, label: "user \u{0} \"é\"".to_owned(), kind };
    let mut hidden = test("hidden::overlaps", TestOutcome::Failed);
    hidden.output = "printed\n".to_owned();
    hidden.record = Some(Record {
        version: record::VERSION,
        test: hidden.name.clone(),
        outcome: Outcome::Failed,
        diagnosis: Some(Diagnosis {
            pitfall: Some("sequential-awaits".to_owned()),
            facts: vec![Fact::new("took-too-long").with("took", "6s")],
            ..Diagnosis::default()
        }),
        panic: None,
        end_us: 6_000_000,
        events: vec![event(0, Kind::Created), event(u64::MAX, Kind::Ready)],
        omitted: 0,
    });
    Verdict {
        exercise: exercise.to_owned(),
        status: Status::Failed,
        tests: vec![test("visible::fills", TestOutcome::Passed), hidden],
        main: Some(MainDiagnosis {
            source: Source::Test,
            pitfall: Some("sequential-awaits".to_owned()),
            stage: Some(record::Stage::Schedule),
            test: Some("hidden::overlaps".to_owned()),
            index: None,
        }),
        timings: Timings { compile: 300, tests: 20, cases: 0, total: 320 },
        ..passed()
    }
}

fn right(exercise: &str) -> Verdict {
    Verdict { exercise: exercise.to_owned(), ..passed() }
}

/// The key that an engine would make: of the exercise's tests and the answer.
fn key(tests: &str) -> impl Fn(&str, &str) -> String {
    move |exercise, answer| format!("{tests}/{exercise}/{answer}")
}

/// Checks everything that waits; how many answers that were. An answer with
/// "wrong" in it fails.
fn grade(store: &Store, exercises: &[&str], tests: &str) -> usize {
    let jobs = store.waiting(exercises, key(tests)).unwrap();
    for job in &jobs {
        let content = String::from_utf8(store.answer(&job.answer).unwrap()).unwrap();
        let wrong = content.contains("wrong");
        let verdict = if wrong { failed(&job.exercise) } else { right(&job.exercise) };
        store.put_verdict(&job.exercise, &job.answer, &job.key, &verdict).unwrap();
    }
    jobs.len()
}

/// The number that a query gives.
fn count(store: &Store, sql: &str) -> i64 {
    store.read(|tx| Ok(tx.query_row(sql, [], |row| row.get(0))?)).unwrap()
}

fn ticking() -> Box<dyn Fn() -> i64 + Send + Sync> {
    let time = AtomicI64::new(1);
    Box::new(move || time.fetch_add(1, Ordering::Relaxed))
}
