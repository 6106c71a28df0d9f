//! Whole submissions that attack, graded between two right ones.

mod hostile;

use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;

use asynclings::cancel::Cancel;
use asynclings::grading::course::Course;
use asynclings::grading::grade::{GradeOptions, grade, limits};
use asynclings::grading::model::{Attempt, AttemptOutcome};
use asynclings::grading::sandbox::Sandbox;
use asynclings::grading::store::{Detail, Store};
use asynclings::kit::Kit;

use self::hostile::{HOSTILE, Site};
use super::outside::Outside;

/// The exercise that all of them pretend to answer.
const EXERCISE: &str = "yield_now";

/// Where its answer stands in a submission.
const PLACE: &str = "exercises/02_futures_by_hand/yield_now.rs";

/// Grades them all between two right answers; returns what went wrong.
pub fn fight() -> (usize, Vec<String>) {
    let kit = Kit::find_from(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let outside = Outside::new(&kit);
    let canary = outside.canary();
    let course_of = tempfile::tempdir().unwrap();
    let all = course_of.path().join("all");
    let solution = kit.solution(kit.catalogue().get(EXERCISE).unwrap());
    let right = fs::read(&solution).unwrap();
    let site = |name: &str| Site {
        folder: all.join(name),
        all: all.clone(),
        solution: solution.clone(),
        canary: canary.clone(),
    };
    for name in ["a right one", "zz a right one"] {
        site(name).write(PLACE, &right);
    }
    for hostile in HOSTILE {
        (hostile.make)(&site(hostile.name));
    }

    let course = Course::default_for(&kit).unwrap();
    let sandbox = Sandbox::open(env!("CARGO_BIN_EXE_asynclings").into(), limits(&course), false);
    let store = Store::open(&all.with_extension("sqlite")).unwrap();
    let options = GradeOptions {
        submissions: all.clone(),
        roster: None,
        course: &course,
        only: vec![EXERCISE.to_owned()],
        shard: None,
        jobs: NonZero::new(2).unwrap(),
        sandbox: Some(Arc::new(sandbox.unwrap())),
        cancel: Cancel::new(),
    };
    let summary = grade(&kit, &store, &options, &|_| {}).unwrap();

    let attempts = store.attempts(Detail::Marks).unwrap();
    let mut found = Vec::new();
    let expect = |name: &str, tries: &str, must: &str| {
        // An archive hands in under its name without the ending.
        let attempt = attempts
            .iter()
            .find(|a| name == a.student || name.starts_with(&format!("{}.", a.student)));
        let stands = attempt.map_or_else(|| "nobody".to_owned(), how_it_stands);
        let mark = if stands == must { "contained" } else { "BREACH" };
        println!("{mark} {name:32} {stands}\n          tries: {tries}");
        (stands != must).then(|| format!("{name}: {stands}, not {must}"))
    };
    for hostile in HOSTILE {
        found.extend(expect(hostile.name, hostile.tries, hostile.must));
    }
    for name in ["a right one", "zz a right one"] {
        found.extend(expect(name, "Nothing: a right answer beside them.", "passed"));
        if fs::read(site(name).folder.join(PLACE)).unwrap() != right {
            found.push(format!("{name} was changed"));
        }
    }
    if summary.students != HOSTILE.len() + 2 {
        found.push(format!("{} students", summary.students));
    }
    found.extend(outside.what_was_touched(EXERCISE));
    (HOSTILE.len(), found)
}

fn how_it_stands(attempt: &Attempt) -> String {
    match &attempt.outcome {
        AttemptOutcome::Checked(verdict) => {
            serde_json::to_value(verdict.status).unwrap().as_str().unwrap().to_owned()
        }
        AttemptOutcome::Refused(_) => "refused".to_owned(),
        AttemptOutcome::Missing => "missing".to_owned(),
        AttemptOutcome::Waiting => "waiting".to_owned(),
    }
}
