//! The author's gate: whether an exercise, its tests above all, is any good.
//!
//! [`verify`] runs every answer that lies beside an exercise through the
//! engine, in both builds, and compares what each was told with what it should
//! have been told. [`new_exercise`] writes the files of an exercise, which the
//! gate refuses until an author has filled them in.

pub mod cli;
mod explain;
mod files;
mod judge;
mod lints;
mod new;
pub mod report;
mod score;
mod show;
mod sources;
mod style;
mod templates;
pub(crate) mod test_file;
mod words;
mod work;
mod write;

use std::sync::Arc;
use std::thread;
use std::time::Instant;

use self::judge::{Checked, Evidence, judge};
pub use self::new::{NewExercise, new_exercise};
use self::report::{ExerciseReport, Report};
use self::sources::Sources;
use self::work::{Outcome, Subject};
pub use self::write::Written;
use crate::cancel::Cancel;
use crate::check::{self, CargoOutput};
use crate::confine::Confine;
use crate::kit::Kit;
use crate::problem::Result;
use crate::verdict::Build;

/// Stands in a new exercise wherever its author has something to say.
const MARK: &str = "FILL IN";

/// How to verify.
#[derive(Clone)]
pub struct VerifyOptions {
    /// The exercises; all of them if there is none.
    pub names: Vec<String>,
    /// The builds to run each answer in; at least one.
    pub builds: Vec<Build>,
    /// Whether several accepted answers, and several rejected ones for the same
    /// pitfall, are each run in one of these builds only, by turns. So each build
    /// still sees each pitfall, and right answers of some kind. Stub and solution
    /// are run in all.
    pub spread: bool,
    /// How many checks at a time.
    pub jobs: usize,
    /// How often to run the tests of each answer, compiled once; above one,
    /// nothing is taken from earlier.
    pub rounds: u32,
    /// Whether to take verdicts on the same content from earlier, and to keep
    /// these.
    pub cache: bool,
    /// Stops it.
    pub cancel: Cancel,
    /// Keeps in the reference answer in the grader's build, as grading would: what
    /// the sandbox refuses to a right answer must show before there are students.
    pub confine: Option<Arc<dyn Confine>>,
    /// Where cargo's own progress goes, if it must build the dependencies first.
    pub cargo: CargoOutput,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        VerifyOptions {
            names: Vec::new(),
            builds: vec![Build::Module, Build::Crate],
            spread: false,
            jobs: usual_jobs(),
            rounds: 1,
            cache: true,
            cancel: Cancel::new(),
            confine: None,
            cargo: CargoOutput::Events,
        }
    }
}

/// Half as many again as there are cores: an answer that waits until it is ended leaves a
/// core with nothing to do, and so does a compiler that waits for the disk. On two cores
/// that takes an eighth off the time.
pub(crate) fn usual_jobs() -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    cores + cores.div_ceil(2)
}

/// How far it has come.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// There is so much to run.
    Begins(usize),
    /// One of it is done, for this exercise.
    Step(&'a str),
    /// All is done for an exercise.
    Finished(&'a ExerciseReport),
}

/// Puts exercises through the gate.
///
/// # Errors
/// Something kept the gate from its work: an unknown name, no compiler,
/// dependencies that do not build, a stop from outside. A bad exercise is a
/// report, not an error.
pub fn verify(
    kit: &Kit,
    options: &VerifyOptions,
    mut progress: impl FnMut(Progress<'_>),
) -> Result<Report> {
    let start = Instant::now();
    let catalogue = kit.catalogue();
    let named: Vec<_> = options.names.iter().map(|n| catalogue.get(n)).collect::<Result<_>>()?;
    let subjects: Vec<Subject<'_>> = catalogue
        .exercises()
        .filter(|e| named.is_empty() || named.contains(e))
        .map(|exercise| Subject { exercise, sources: Sources::read(kit, exercise) })
        .collect();

    // Once, before there is a progress to be disturbed.
    check::prepare(kit, &work::check_options(options, options.builds[0], &options.cancel))?;
    let jobs = work::plan(&subjects, options);
    progress(Progress::Begins(jobs.len()));
    let mut desks: Vec<Desk> = subjects.iter().map(|_| Desk::default()).collect();
    for job in &jobs {
        desks[job.exercise].left += 1;
    }
    let (mut checks, mut cached) = (0, 0);
    work::run(kit, &subjects, jobs, options, |job, outcome| {
        let subject = &subjects[job.exercise];
        let desk = &mut desks[job.exercise];
        match (job.task, outcome) {
            (work::Task::Check(answer, build), Outcome::Verdict(verdict)) => {
                checks += 1;
                cached += usize::from(verdict.cached);
                desk.checked.push(Checked { answer, build, verdict: *verdict });
            }
            (_, Outcome::Findings(more)) => desk.found.extend(more),
            (_, Outcome::Verdict(_)) => unreachable!("only a check has a verdict"),
        }
        progress(Progress::Step(&subject.exercise.name));
        desk.left -= 1;
        if desk.left == 0 {
            let report = desk.close(kit, subject, options);
            progress(Progress::Finished(&report));
            desk.report = Some(report);
        }
    })?;

    let exercises: Vec<ExerciseReport> = desks.into_iter().filter_map(|d| d.report).collect();
    Ok(Report {
        version: report::VERSION,
        ready: exercises.iter().all(|e| e.ready),
        checks,
        cached,
        millis: start.elapsed().as_millis() as u64,
        confined: options.confine.is_some() && options.builds.contains(&Build::Crate),
        exercises,
    })
}

/// Where the results of one exercise come together.
#[derive(Default)]
struct Desk {
    left: usize,
    checked: Vec<Checked>,
    found: Vec<report::Finding>,
    report: Option<ExerciseReport>,
}

impl Desk {
    fn close(
        &mut self,
        kit: &Kit,
        subject: &Subject<'_>,
        options: &VerifyOptions,
    ) -> ExerciseReport {
        let Subject { exercise, sources } = subject;
        let mut found = std::mem::take(&mut self.found);
        found.extend(files::inspect(kit, exercise, sources));
        found.extend(words::inspect(kit, exercise, sources));
        let evidence = Evidence {
            kit,
            exercise,
            sources,
            checked: &self.checked,
            builds: &options.builds,
            confined: options.confine.is_some(),
        };
        judge(&evidence, found)
    }
}
