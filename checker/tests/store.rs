//! Programs that write to a store are killed, and others go on in their place.
#![cfg(feature = "teach")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{env, io};

use asynclings::grading::model::{Answer, AttemptOutcome, Student, Submission};
use asynclings::grading::store::{Detail, RunInfo, Store};
use asynclings::verdict::Verdict;
use serde_json::json;

const EXERCISES: [&str; 3] = ["batches", "slot", "yield_now"];
const STUDENTS: usize = 12;
const TESTS: usize = 12;
const EVENTS: usize = 40;

/// Tells a child which store to write to.
const CHILD: &str = "ASYNCLINGS_TEST_STORE";

fn verdict(exercise: &str, answer: &str) -> Verdict {
    let events: Vec<_> = (0..EVENTS)
        .map(|at| json!({ "at_us": at, "label": format!("{answer} {at}"), "kind": "polled" }))
        .collect();
    let tests: Vec<_> = (0..TESTS)
        .map(|n| {
            let name = format!("visible::t{n}");
            let diagnosis = json!({ "pitfall": "sequential-awaits", "facts": [] });
            let record = json!({
                "version": 1, "test": name, "outcome": "failed", "diagnosis": diagnosis,
                "end_us": 1, "events": events,
            });
            json!({
                "name": name, "hidden": false, "outcome": "failed", "record": record,
                "output": answer.repeat(50), "millis": 3,
            })
        })
        .collect();
    let verdict = json!({
        "version": asynclings::verdict::VERSION, "exercise": exercise, "status": "failed",
        "build": "crate", "tests": tests,
    });
    serde_json::from_value(verdict).unwrap()
}

fn submission(n: usize) -> Submission {
    let answer = |exercise: &str| {
        // Some share an answer, and one is refused.
        let content = format!("// {exercise} {}\n", n % 5).into_bytes();
        let place = format!("{exercise}.rs");
        (exercise.to_owned(), Answer::Taken { place, content })
    };
    Submission {
        student: format!("s{n}"),
        source: "in".into(),
        edition: None,
        submitted: None,
        answers: EXERCISES.into_iter().skip(usize::from(n == 7)).map(answer).collect(),
        notes: vec![],
    }
}

/// All that a batch does; `step` after everything that is then kept.
fn work(store: &Store, mut step: impl FnMut()) {
    let run = store.begin_run(&RunInfo::default()).unwrap();
    let roster: Vec<Student> =
        (0..3).map(|n| Student { id: format!("s{n}"), ..Student::default() }).collect();
    store.put_students(&roster).unwrap();
    step();
    for n in 0..STUDENTS {
        store.put_submission(&submission(n), &EXERCISES).unwrap();
        step();
    }
    for job in store.waiting(&EXERCISES, |exercise, answer| format!("{exercise}/{answer}")).unwrap()
    {
        assert!(!store.answer(&job.answer).unwrap().is_empty());
        let verdict = verdict(&job.exercise, &job.answer);
        store.put_verdict(&job.exercise, &job.answer, &job.key, &verdict).unwrap();
        step();
    }
    store.end_run(run).unwrap();
    step();
}

/// No test of its own: what the children do.
#[test]
fn child() {
    let Some(path) = env::var_os(CHILD) else { return };
    work(&Store::open(Path::new(&path)).unwrap(), || {
        // A parent that is gone is no reason to stop.
        let _ = writeln!(io::stdout(), "\n@");
    });
}

fn spawn(path: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        // Shown when a test fails: a child that ends too early says why.
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// Lets a child work at this store and kills it after so many steps, wherever
/// it is then; how many steps it made.
fn run_and_kill(path: &Path, steps: usize) -> usize {
    let mut child = spawn(path);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let made = lines.filter(|line| line == "@").take(steps).count();
    child.kill().unwrap();
    child.wait().unwrap();
    made
}

/// The store that nothing disturbed, in words, and how many steps it took.
fn undisturbed(folder: &Path) -> (String, usize) {
    let store = Store::open(&folder.join("undisturbed")).unwrap();
    let mut steps = 0;
    work(&store, || steps += 1);
    (store.dump().unwrap(), steps)
}

/// What is there is there as a whole.
fn is_whole(path: &Path) {
    if !path.exists() {
        return;
    }
    let store = Store::open(path).unwrap();
    store.check().unwrap();
    for attempt in store.attempts(Detail::Whole).unwrap() {
        if let AttemptOutcome::Checked(found) = attempt.outcome {
            let answer = found.tests[0].output[..64].to_owned();
            assert_eq!(*found, verdict(&attempt.exercise, &answer));
        }
    }
    let connection = rusqlite::Connection::open(path).unwrap();
    let none = |sql: &str| {
        let count: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0, "{sql}");
    };
    for table in ["tests", "diagnoses", "events"] {
        none(&format!(
            "SELECT count(*) FROM verdicts v \
             WHERE (SELECT count(*) FROM {table} WHERE verdict = v.id) <> {TESTS}"
        ));
    }
    none(&format!(
        "SELECT count(*) FROM submissions s WHERE {} <> \
         (SELECT count(*) FROM attempts a WHERE a.student = s.student AND a.current = 1)",
        EXERCISES.len()
    ));
    none(
        "SELECT count(*) FROM answers a WHERE verdict IS NULL AND EXISTS \
          (SELECT 1 FROM verdicts WHERE answer = a.id)",
    );
}

#[test]
fn killed_anywhere_and_finished_it_is_as_if_nothing_had_happened() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (expected, steps) = undisturbed(folder.path());
    assert!(steps > 25);
    for after in (0..steps).step_by(3) {
        let path = folder.path().join(format!("killed{after}"));
        assert_eq!(run_and_kill(&path, after), after);
        is_whole(&path);
        let store = Store::open(&path).unwrap();
        work(&store, || {});
        assert_eq!(store.dump().unwrap(), expected, "killed after {after} steps");
    }
}

#[test]
fn killed_again_and_again_it_gets_to_the_end() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (expected, steps) = undisturbed(folder.path());
    let path = folder.path().join("killed");
    // Each time it gets a little further.
    for after in (1..steps).step_by(3) {
        run_and_kill(&path, after);
        is_whole(&path);
    }
    assert!(run_and_kill(&path, usize::MAX) < steps, "much was done already");
    let store = Store::open(&path).unwrap();
    assert_eq!(store.dump().unwrap(), expected);
    let (ended, killed): (Vec<_>, Vec<_>) =
        store.runs().unwrap().into_iter().partition(|run| run.ended.is_some());
    assert!(!ended.is_empty() && !killed.is_empty());
}

#[test]
fn programs_that_write_at_the_same_time_do_no_harm() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (expected, _) = undisturbed(folder.path());
    let path = folder.path().join("shared");
    let mut children = [spawn(&path), spawn(&path), spawn(&path)];
    for child in &mut children {
        // Read to the end, or it would wait for room in the pipe.
        let output = BufReader::new(child.stdout.take().unwrap());
        assert!(output.lines().map_while(Result::ok).filter(|line| line == "@").count() > 1);
    }
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    is_whole(&path);
    assert_eq!(Store::open(&path).unwrap().dump().unwrap(), expected);
}
