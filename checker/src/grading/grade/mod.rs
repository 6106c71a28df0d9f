//! Grading a folder of submissions, from what was handed in to the store.
//!
//! First everything that was handed in goes into the store; then each answer
//! that has no verdict yet is judged once, however many handed it in. Both
//! parts may be ended at any moment, and a rerun finds what is left to do by
//! asking the store.

pub mod cli;
mod editions;
mod shard;
mod summary;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use record::Fact;

pub use self::shard::Shard;
pub use self::summary::{ExerciseSummary, Summary};
use super::course::Course;
use super::judge::{Judge, Rules};
use super::model::{Student, Submission};
use super::roster::Roster;
use super::sandbox::{self, Layers, Sandbox};
use super::store::{Job, RunInfo, Store};
use super::submission::{self, Batch, Source};
use crate::cancel::Cancel;
use crate::catalogue::Exercise;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::verdict::Status;

/// How to grade.
pub struct GradeOptions<'a> {
    /// The folder with a folder or archive a student.
    pub submissions: PathBuf,
    /// Who should have handed in.
    pub roster: Option<&'a Roster>,
    /// What the course demands.
    pub course: &'a Course,
    /// The exercises to grade; all of the course's if there is none.
    pub only: Vec<String>,
    /// The part of the students to grade.
    pub shard: Option<Shard>,
    /// How many answers at a time.
    pub jobs: NonZero<usize>,
    /// Where answers are kept in. None: nowhere.
    pub sandbox: Option<Arc<Sandbox>>,
    /// Stops it.
    pub cancel: Cancel,
}

/// How far it has come.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// There are so many students.
    Reading(usize),
    /// What this one handed in is in the store.
    Read(&'a str),
    /// So many answers have no verdict yet.
    Judging(usize),
    /// One of them has, for this exercise.
    Judged(&'a str, Status),
}

/// Grades the folder into `store`.
///
/// # Errors
/// The folder cannot be read, the store cannot be written, the kit is not in
/// order, or `cancel` was asked for. Whatever was done until then is kept.
pub fn grade(
    kit: &Kit,
    store: &Store,
    options: &GradeOptions<'_>,
    on_step: &(dyn Fn(Step<'_>) + Sync),
) -> Result<Summary> {
    let exercises = exercises(kit, options)?;
    let names: Vec<&str> = exercises.iter().map(|e| e.name.as_str()).collect();
    let batch =
        Batch::open(&options.submissions, kit, options.roster, submission::Limits::default())?;
    let run = store.begin_run(&run_info(kit, options, &names)?)?;
    let mut summary = Summary::new(&names);
    for (name, facts) in batch.notes() {
        summary.note(name, facts);
    }
    take_in(store, &batch, options, &names, on_step, &mut summary)?;

    let judge = Judge::new(kit, exercises.iter().copied(), rules(options))?;
    let course: Vec<&str> = options.course.exercises().collect();
    summary.note_first(editions::notes(kit, &course, &summary.editions));
    let keys = |exercise: &str, answer: &str| judge.key(exercise, answer).unwrap_or_default();
    let waiting = store.waiting(&names, keys)?;
    on_step(Step::Judging(waiting.len()));
    let judged = judge_all(kit, store, &judge, waiting, options, on_step)?;
    summary.count(store, judged)?;
    store.end_run(run)?;
    Ok(summary)
}

fn exercises<'k>(kit: &'k Kit, options: &GradeOptions<'_>) -> Result<Vec<&'k Exercise>> {
    let graded = options.course.exercises();
    if options.only.is_empty() {
        return graded.map(|name| kit.catalogue().get(name)).collect();
    }
    let wanted: Vec<&Exercise> =
        options.only.iter().map(|name| kit.catalogue().get(name)).collect::<Result<_>>()?;
    let graded: Vec<&str> = graded.collect();
    match wanted.iter().find(|e| !graded.contains(&e.name.as_str())) {
        Some(stranger) => Err(Problem::new("grade-not-in-course").with("name", &stranger.name)),
        None => Ok(wanted),
    }
}

fn rules(options: &GradeOptions<'_>) -> Rules {
    // A course names crates as manifests do, an answer as Rust does. What the
    // kit gives to an exercise is not a course's to take away.
    let crates = options.course.policy.crates.iter().map(|name| name.replace('-', "_"));
    Rules {
        confine: options.sandbox.clone().map(|sandbox| sandbox as _),
        crates: crates.chain(["kit".to_owned()]).collect(),
        test_seconds: options.course.limits.test_seconds.into(),
        test_output_kib: options.course.limits.output_kib,
        cancel: options.cancel.clone(),
    }
}

/// The sandbox's limits as this course wants them.
pub fn limits(course: &Course) -> sandbox::Limits {
    sandbox::Limits {
        memory_mib: course.limits.memory_mib.into(),
        // A test may keep a core busy for as long as it may run.
        cpu_seconds: u64::from(course.limits.test_seconds) * 2,
        compiler_cpu_seconds: course.limits.compile_seconds.into(),
        processes: course.limits.processes.into(),
        ..sandbox::Limits::default()
    }
}

fn run_info(kit: &Kit, options: &GradeOptions<'_>, exercises: &[&str]) -> Result<RunInfo> {
    let none = Layers::default();
    let layers = options.sandbox.as_ref().map_or(&none, |sandbox| sandbox.layers());
    let mut said = BTreeMap::new();
    said.insert("exercises".to_owned(), exercises.join(" "));
    if let Some(shard) = options.shard {
        said.insert("shard".to_owned(), shard.to_string());
    }
    Ok(RunInfo {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        kit: kit.root().display().to_string(),
        toolchain: crate::check::toolchain(kit)?,
        options: said,
        held: layers.holding.iter().map(ToString::to_string).collect(),
        missing: layers.missing().iter().map(ToString::to_string).collect(),
    })
}

/// Puts what was handed in into the store, one student at a time: a course may
/// be larger than memory.
fn take_in(
    store: &Store,
    batch: &Batch<'_>,
    options: &GradeOptions<'_>,
    exercises: &[&str],
    on_step: &(dyn Fn(Step<'_>) + Sync),
    summary: &mut Summary,
) -> Result<()> {
    let ours = |(_, source): &(usize, &Source)| {
        options.shard.is_none_or(|shard| shard.holds(&source.student))
    };
    let sources: Vec<(usize, &Source)> = batch.sources().iter().enumerate().filter(ours).collect();
    on_step(Step::Reading(sources.len()));
    let students: Vec<(usize, Student)> =
        sources.iter().map(|(position, source)| (*position, batch.student(source))).collect();
    store.put_some_students(students.iter().map(|(position, student)| (*position, student)))?;
    for (_, source) in sources {
        if options.cancel.is_cancelled() {
            return Err(Problem::new("cancelled"));
        }
        let submission: Submission = batch.read(source);
        let put = store.put_submission(&submission, exercises)?;
        summary.handed_in(&submission, put, exercises);
        on_step(Step::Read(&source.student));
    }
    Ok(())
}

/// Judges each job once; returns how many. A problem with one of them stops
/// all: it is the kit's or the machine's, and the next would meet it too.
fn judge_all(
    kit: &Kit,
    store: &Store,
    judge: &Judge<'_>,
    jobs: Vec<Job>,
    options: &GradeOptions<'_>,
    on_step: &(dyn Fn(Step<'_>) + Sync),
) -> Result<usize> {
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let problem: Mutex<Option<Problem>> = Mutex::new(None);
    thread::scope(|scope| {
        for _ in 0..options.jobs.get().min(jobs.len()) {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if stopped.load(Ordering::Relaxed) || options.cancel.is_cancelled() {
                        return;
                    }
                    match judge_one(kit, store, judge, job) {
                        Ok(Status::Cancelled) => return,
                        Ok(status) => {
                            done.fetch_add(1, Ordering::Relaxed);
                            on_step(Step::Judged(&job.exercise, status));
                        }
                        Err(error) => {
                            stopped.store(true, Ordering::Relaxed);
                            let mut first = problem.lock().unwrap_or_else(PoisonError::into_inner);
                            first.get_or_insert(error);
                            return;
                        }
                    }
                }
            });
        }
    });
    match problem.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(problem) => Err(problem),
        None if options.cancel.is_cancelled() => Err(Problem::new("cancelled")),
        None => Ok(done.into_inner()),
    }
}

fn judge_one(kit: &Kit, store: &Store, judge: &Judge<'_>, job: &Job) -> Result<Status> {
    let exercise = kit.catalogue().get(&job.exercise)?;
    let answer = store.answer(&job.answer)?;
    let verdict = judge.judge(exercise, &answer)?;
    // One that was broken off says nothing about the answer.
    if verdict.status != Status::Cancelled {
        store.put_verdict(&job.exercise, &job.answer, &job.key, &verdict)?;
    }
    Ok(verdict.status)
}

/// Where the store is kept if nobody says: beside the learner's progress, where
/// git does not look.
pub fn default_store(kit: &Kit) -> PathBuf {
    kit.root().join(".asynclings").join("grades.sqlite")
}

/// The sentence of a fact with the name of what it is about.
fn sentence(about: &str, fact: &Fact) -> String {
    format!("{about}: {}", crate::text::say_fact(fact))
}

/// The course in this file, or what the kit says by itself.
///
/// # Errors
/// As [`Course::read`].
pub fn course(kit: &Kit, path: Option<&Path>) -> Result<Course> {
    match path {
        Some(path) => Course::read(path, kit),
        None => Course::default_for(kit),
    }
}
