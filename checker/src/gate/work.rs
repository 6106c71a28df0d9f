//! Everything that has to be run, on all cores.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::report::Finding;
use super::sources::{Answer, Role, Sources};
use super::{VerifyOptions, style};
use crate::cancel::Cancel;
use crate::catalogue::Exercise;
use crate::check;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::verdict::{Build, Status, Verdict};

/// One thing to run.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// Index of the exercise among those that were asked for.
    pub exercise: usize,
    /// What to do.
    pub task: Task,
}

/// What there is to do for an exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Check the answer with this index in one build.
    Check(usize, Build),
    /// Ask rustfmt about all its files.
    Format,
    /// Ask clippy about the solution.
    Clippy,
}

/// What came of a job.
pub enum Outcome {
    /// Of [`Task::Check`].
    Verdict(Box<Verdict>),
    /// Of the others.
    Findings(Vec<Finding>),
}

/// An exercise and its files.
pub struct Subject<'a> {
    /// The exercise.
    pub exercise: &'a Exercise,
    /// Its files.
    pub sources: Sources,
}

/// What is to be run for all of them.
///
/// The first of each exercise come first, then the second of each: so every
/// exercise has said something soon.
pub fn plan(subjects: &[Subject<'_>], options: &VerifyOptions) -> Vec<Job> {
    let mut queues: Vec<VecDeque<Job>> = Vec::new();
    for (exercise, subject) in subjects.iter().enumerate() {
        let mut tasks = vec![Task::Format];
        if subject.sources.can_be_run() {
            for index in 0..subject.sources.answers.len() {
                let builds = builds_of(&subject.sources, index, options);
                tasks.extend(builds.iter().map(|build| Task::Check(index, *build)));
            }
        }
        if subject.sources.with(|r| *r == Role::Solution).next().is_some() {
            tasks.push(Task::Clippy);
        }
        queues.push(tasks.into_iter().map(|task| Job { exercise, task }).collect());
    }
    let mut jobs = Vec::new();
    while queues.iter().any(|q| !q.is_empty()) {
        jobs.extend(queues.iter_mut().filter_map(VecDeque::pop_front));
    }
    jobs
}

/// The builds in which to run the answer with this index.
fn builds_of<'o>(sources: &Sources, index: usize, options: &'o VerifyOptions) -> &'o [Build] {
    let role = &sources.answers[index].role;
    let alike = |answers: &[Answer]| answers.iter().filter(|a| a.role == *role).count();
    let all = &options.builds;
    let may = options.spread && matches!(role, Role::Accepted | Role::Rejected(_));
    if may && alike(&sources.answers) > 1 {
        let turn = alike(&sources.answers[..index]) % all.len();
        return &all[turn..=turn];
    }
    all
}

/// Runs the jobs on `options.jobs` threads and gives each result to `done`, on
/// the thread of the caller.
///
/// # Errors
/// The first problem that kept a job from running; no more are begun then.
pub fn run(
    kit: &Kit,
    subjects: &[Subject<'_>],
    jobs: Vec<Job>,
    options: &VerifyOptions,
    mut done: impl FnMut(Job, Outcome),
) -> Result<()> {
    let queue = Mutex::new(VecDeque::from(jobs));
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let stop = options.cancel.child();
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            let (sender, stop): (Sender<(Job, Result<Outcome>)>, _) = (sender.clone(), &stop);
            let next = &next;
            scope.spawn(move || {
                while let Some(job) = next() {
                    if stop.is_cancelled() {
                        break;
                    }
                    let outcome = perform(kit, &subjects[job.exercise], job.task, options, stop);
                    if sender.send((job, outcome)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut problem = None;
        for (job, outcome) in results {
            match outcome {
                // What was stopped half-way is not a verdict on the exercise.
                Ok(Outcome::Verdict(verdict)) if verdict.status == Status::Cancelled => {}
                Ok(outcome) => done(job, outcome),
                Err(why) => {
                    stop.cancel();
                    problem.get_or_insert(why);
                }
            }
        }
        match problem {
            Some(problem) => Err(problem),
            None if options.cancel.is_cancelled() => Err(Problem::new("cancelled")),
            None => Ok(()),
        }
    })
}

fn perform(
    kit: &Kit,
    subject: &Subject<'_>,
    task: Task,
    options: &VerifyOptions,
    stop: &Cancel,
) -> Result<Outcome> {
    let exercise = subject.exercise;
    Ok(match task {
        Task::Check(answer, build) => {
            let answer = &subject.sources.answers[answer];
            let confine = &options.confine;
            let mut options = check_options(options, build, stop);
            if let Role::Rejected(pitfall) = &answer.role {
                options.known_for = Some(pitfall.clone());
            }
            if answer.role == Role::Solution && build == Build::Crate {
                options.confine = confine.clone();
            }
            let verdict = check::check(kit, exercise, &answer.path, &options)?;
            Outcome::Verdict(Box::new(verdict))
        }
        Task::Format => Outcome::Findings(style::format(kit, exercise, &subject.sources)?),
        Task::Clippy => {
            let options = check_options(options, Build::Module, stop);
            Outcome::Findings(style::clippy(kit, exercise, &options)?)
        }
    })
}

/// How the engine is to check.
pub fn check_options(options: &VerifyOptions, build: Build, cancel: &Cancel) -> check::Options {
    check::Options {
        build,
        rounds: options.rounds,
        incremental: false,
        cache: options.cache,
        cargo: options.cargo,
        cancel: cancel.clone(),
        ..check::Options::default()
    }
}
