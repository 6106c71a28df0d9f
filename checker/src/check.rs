//! The one thing the engine does: check a file against an exercise.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use crate::attribute::Files;
use crate::cache::Cache;
use crate::cancel::Cancel;
use crate::cases::{self, CaseRun};
use crate::catalogue::Exercise;
use crate::compile::{CompileEnd, Compiler, Emit, Job};
use crate::kit::Kit;
use crate::material::Material;
use crate::problem::{Problem, Result};
use crate::run_tests::{TestProgram, in_order_of_files};
use crate::toolbox::Toolbox;
use crate::toolchain::Toolchain;
use crate::verdict::{
    Build, CaseResult, CompileMessage, Level, Place, Status, TestResult, Verdict,
};
use crate::workplace::Workplace;
use crate::{diagnose, disk, text};

/// How to check.
#[derive(Clone)]
pub struct Options {
    /// Which of the two builds.
    pub build: Build,
    /// Whether to take an earlier verdict on the same content, and to keep
    /// this one.
    pub cache: bool,
    /// Real seconds after which the kit's watchdog ends a test; the engine
    /// itself ends it after twice that. None: as `ASYNCLINGS_TEST_SECONDS`
    /// says, else 10.
    pub test_seconds: Option<u64>,
    /// A pitfall that this answer is known for. A verdict that names it is kept
    /// although the real clock had a say in it, as in every test that hangs.
    pub known_for: Option<String>,
    /// What cargo prints when it must build the dependencies first.
    pub cargo: CargoOutput,
    /// Told what happens, as it happens, from whatever thread.
    pub on_event: Arc<dyn Fn(Event<'_>) + Send + Sync>,
    /// Stops the check; the verdict is then `Cancelled`.
    pub cancel: Cancel,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            build: Build::Module,
            cache: true,
            test_seconds: None,
            known_for: None,
            cargo: CargoOutput::Terminal,
            on_event: Arc::new(|_| {}),
            cancel: Cancel::new(),
        }
    }
}

/// Where cargo's own progress goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CargoOutput {
    /// Straight to the terminal, with cargo's progress bar.
    Terminal,
    /// Line by line as [`Event::Cargo`]: for a program that draws the screen
    /// itself.
    Events,
}

/// What happens in a check.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The dependencies are not built yet, or have changed: cargo does it now.
    BuildingDependencies,
    /// A line that cargo printed ([`CargoOutput::Events`]).
    Cargo(&'a str),
    /// The compiler runs on the answer and its tests.
    Compiling,
    /// The compiler has said all it has to say.
    Compiled(&'a [CompileMessage]),
    /// The tests begin; there are this many.
    Testing(usize),
    /// A test has ended.
    TestDone(&'a TestResult),
    /// Every test has passed; the compile-fail cases are awaited.
    Misuse,
}

/// Makes sure that the compiler is there and that the dependencies are built,
/// so that the checks after it need no cargo. For programs that want cargo's
/// progress out of the way before they begin.
///
/// # Errors
/// There is no compiler, or the dependencies do not build.
pub fn prepare(kit: &Kit, options: &Options) -> Result<()> {
    let toolchain = Toolchain::find(kit.root(), &kit.state())?;
    Toolbox::ready(kit, &toolchain, options).map(drop)
}

/// Checks the file `answer` as an answer to `exercise`.
///
/// A wrong answer is a verdict, not an error, and so is a compiler that
/// crashed ([`Status::Internal`]).
///
/// # Errors
/// The check cannot begin: the answer cannot be read, there is no compiler,
/// the dependencies do not build, the kit lacks the tests.
pub fn check(kit: &Kit, exercise: &Exercise, answer: &Path, options: &Options) -> Result<Verdict> {
    let start = Instant::now();
    for _ in 0..TRIES {
        let mut verdict = match check_once(kit, exercise, answer, options) {
            Ok(Some(verdict)) => verdict,
            // Stopped before it had begun: while cargo was building, say.
            _ if options.cancel.is_cancelled() => Verdict {
                status: Status::Cancelled,
                build: options.build,
                ..Verdict::empty(&exercise.name)
            },
            Ok(None) => continue,
            Err(problem) => return Err(problem),
        };
        verdict.timings.total = millis(start);
        return Ok(verdict);
    }
    Err(Problem::new("toolbox-restless"))
}

/// How often a check begins anew when the dependencies change under it.
const TRIES: usize = 3;

/// None if the dependencies were built anew meanwhile, by cargo in another
/// terminal or by an editor: then what the compiler said means nothing.
fn check_once(
    kit: &Kit,
    exercise: &Exercise,
    answer: &Path,
    options: &Options,
) -> Result<Option<Verdict>> {
    let toolchain = Toolchain::find(kit.root(), &kit.state())?;
    let toolbox = Toolbox::ready(kit, &toolchain, options)?;
    let material = Material::read(kit, exercise, answer)?;
    let key = material.key(kit, exercise, &toolbox, options.build)?;
    let cache = Cache::new(&kit.state());
    if let Some(known) = options.cache.then(|| cache.get(&key)).flatten() {
        return Ok(Some(known));
    }
    let compiler = Compiler { kit, toolchain: &toolchain, toolbox: &toolbox };
    let case_paths: Vec<PathBuf> = material.cases.iter().map(|c| c.path.clone()).collect();
    let files = Files {
        root: kit.root(),
        answer: &material.path,
        exercise,
        tests: &material.tests,
        cases: &case_paths,
    };
    let work = Workplace::take(&kit.state(), &exercise.name)?;
    let run = Run { compiler: &compiler, files: &files, material: &material, work: &work, options };
    let verdict = run.verdict()?;
    if !toolbox.is_whole() {
        return Ok(None);
    }
    if options.cache {
        cache.put(&key, &verdict, options.known_for.as_deref());
    }
    Ok(Some(verdict))
}

/// What clippy says of the answer in the matters of async that the curriculum
/// warns of. Ask after the verdict, never before: it takes as long as a check.
/// Without clippy there is no advice.
///
/// # Errors
/// As [`check`].
pub fn advice(
    kit: &Kit,
    exercise: &Exercise,
    answer: &Path,
    options: &Options,
) -> Result<Vec<CompileMessage>> {
    let toolchain = Toolchain::find(kit.root(), &kit.state())?;
    if !toolchain.clippy.is_file() {
        return Ok(Vec::new());
    }
    let toolbox = Toolbox::ready(kit, &toolchain, options)?;
    let material = Material::read(kit, exercise, answer)?;
    let compiler = Compiler { kit, toolchain: &toolchain, toolbox: &toolbox };
    let files = Files {
        root: kit.root(),
        answer: &material.path,
        exercise,
        tests: &material.tests,
        cases: &[],
    };
    let work = Workplace::take(&kit.state(), &exercise.name)?;
    let run = Run { compiler: &compiler, files: &files, material: &material, work: &work, options };
    run.advice()
}

/// The matters on which advice is given.
const LINTS: [&str; 7] = [
    "clippy::await_holding_lock",
    "clippy::await_holding_refcell_ref",
    "clippy::let_underscore_future",
    "clippy::async_yields_async",
    "clippy::unused_io_amount",
    "clippy::large_futures",
    "clippy::infinite_loop",
];

/// One check under way.
struct Run<'a> {
    compiler: &'a Compiler<'a>,
    files: &'a Files<'a>,
    material: &'a Material,
    work: &'a Workplace,
    options: &'a Options,
}

/// A test program, or why there is none.
enum Built {
    /// The program, and in the grader's build the answer's library.
    Program(PathBuf, Option<PathBuf>),
    Not(Status, Option<String>),
}

impl Run<'_> {
    fn verdict(&self) -> Result<Verdict> {
        self.tell(Event::Compiling);
        // The cases need a core for as long as the tests' compilation does. In
        // the learner's build there is one to spare; a grader has other work
        // for it, and most wrong answers never come to the cases.
        let early = self.options.build == Build::Module && !self.material.cases.is_empty();
        let stop_cases = self.options.cancel.child();
        thread::scope(|scope| {
            let cases = early.then(|| {
                let cancel = &stop_cases;
                scope.spawn(move || self.cases(None, cancel))
            });
            let mut verdict = Verdict {
                build: self.options.build,
                untouched: self.material.untouched,
                ..Verdict::empty(&self.files.exercise.name)
            };
            let begun = Instant::now();
            let built = self.build(&mut verdict.compile)?;
            verdict.timings.compile = millis(begun);
            self.tell(Event::Compiled(&verdict.compile));
            let outcome = match built {
                Built::Not(status, problem) => {
                    verdict.main = diagnose::of_messages(&verdict.compile);
                    (verdict.status, verdict.problem) = (status, problem);
                    Ok(None)
                }
                Built::Program(program, library) => {
                    self.test(&mut verdict, &program).map(|()| Some(library))
                }
            };
            if !matches!(outcome, Ok(Some(_)) if verdict.status == Status::Passed) {
                stop_cases.cancel();
            }
            if let Some(library) = outcome?
                && verdict.status == Status::Passed
                && !self.material.cases.is_empty()
            {
                self.tell(Event::Misuse);
                let begun = Instant::now();
                let results = match cases {
                    Some(job) => job.join().unwrap_or_else(|_| Err(cases::broke())),
                    None => self.cases(library.as_deref(), &self.options.cancel),
                };
                self.judge_misuse(&mut verdict, results);
                verdict.timings.cases = millis(begun);
            }
            if self.material.untouched && !verdict.status.is_passed() && verdict.problem.is_none() {
                verdict.status = Status::NotStarted;
            }
            if self.options.cancel.is_cancelled() && !verdict.status.is_passed() {
                verdict.status = Status::Cancelled;
            }
            Ok(verdict)
        })
    }

    /// Compiles the answer and its tests.
    fn build(&self, messages: &mut Vec<CompileMessage>) -> Result<Built> {
        let name = &self.files.exercise.name;
        let program = self.work.output(&format!("{name}{}", std::env::consts::EXE_SUFFIX))?;
        let (library, source, incremental) = match self.options.build {
            Build::Module => (None, self.module_source()?, Some(self.work.file("incremental"))),
            Build::Crate => {
                let library = self.work.output("libexercise.rlib")?;
                let source = cases::module(name, self.files.answer, "pub ")?;
                let job = Job {
                    name: "exercise",
                    source: &self.work.source("answer.rs", &source)?,
                    emit: Emit::Library(&library),
                    incremental: None,
                    answer: None,
                    remaps: self.files.remaps(),
                };
                if let Some(not) = self.compile(&job, messages)? {
                    return Ok(not);
                }
                (Some(library), self.test_modules()?, None)
            }
        };
        let job = Job {
            name,
            source: &self.work.source("main.rs", &source)?,
            emit: Emit::Tests(&program),
            incremental: incremental.as_deref(),
            answer: library.as_deref(),
            remaps: self.files.remaps(),
        };
        let not = self.compile(&job, messages)?;
        Ok(not.unwrap_or(Built::Program(program, library)))
    }

    /// One call of the compiler; None if it did what it should.
    fn compile(&self, job: &Job<'_>, messages: &mut Vec<CompileMessage>) -> Result<Option<Built>> {
        let done = self.compiler.run(job, &self.options.cancel)?;
        let told = done.diagnostics.iter().map(|d| self.files.attribute(d));
        // Warnings about the tests are their author's business.
        messages.extend(told.filter(|m| m.level == Level::Error || m.place == Place::Answer));
        Ok(match done.end {
            CompileEnd::Done => None,
            CompileEnd::Refused => Some(Built::Not(Status::DoesNotCompile, None)),
            CompileEnd::TooSlow => {
                let said = text::word("compiler-too-slow").to_owned();
                Some(Built::Not(Status::DoesNotCompile, Some(said)))
            }
            CompileEnd::Broken(said) => Some(Built::Not(Status::Internal, Some(said))),
            CompileEnd::Cancelled => Some(Built::Not(Status::Cancelled, None)),
        })
    }

    /// The learner's build: the answer as a module beside the tests.
    fn module_source(&self) -> Result<String> {
        let answer = cases::module(&self.files.exercise.name, self.files.answer, "pub ")?;
        Ok(format!("extern crate self as exercise;\n{answer}{}", self.test_modules()?))
    }

    fn test_modules(&self) -> Result<String> {
        let modules = self.material.tests.iter().map(|(path, _)| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            cases::module(&name, path, "")
        });
        modules.collect()
    }

    fn test(&self, verdict: &mut Verdict, program: &Path) -> Result<()> {
        let begun = Instant::now();
        let records = self.work.folder("records")?;
        let program = TestProgram {
            program,
            exercise: &self.files.exercise.name,
            root: self.files.root,
            records: &records,
            seconds: self.options.test_seconds,
        };
        let cancel = &self.options.cancel;
        let names = self.names(&program)?;
        if names.is_empty() && !cancel.is_cancelled() {
            let said = text::say("no-tests", &[("exercise", &self.files.exercise.name)]);
            verdict.problem = Some(said);
            return Ok(());
        }
        self.tell(Event::Testing(names.len()));
        verdict.tests = program.run(&names, &|result| self.tell(Event::TestDone(result)), cancel);
        diagnose::ask_the_compiler(&mut verdict.tests, &verdict.compile);
        verdict.main = diagnose::of_tests(&verdict.tests);
        verdict.status = diagnose::status_of_tests(&verdict.tests, verdict.main.as_ref());
        verdict.timings.tests = millis(begun);
        Ok(())
    }

    /// The tests to run. The answer has no say in which there are, so they are
    /// remembered for as long as the test files stay the same.
    fn names(&self, program: &TestProgram<'_>) -> Result<Vec<String>> {
        let key = self.material.key_of_tests(self.compiler.toolbox);
        let file = self.work.file("tests.json");
        if let Some((_, names)) =
            disk::recall::<(String, Vec<String>)>(&file).filter(|k| k.0 == key)
        {
            return Ok(names);
        }
        let names = in_order_of_files(program.list(&self.options.cancel)?, &self.material.tests);
        if !names.is_empty() {
            disk::remember(&file, &(key, &names));
        }
        Ok(names)
    }

    fn cases(&self, answer: Option<&Path>, cancel: &Cancel) -> Result<Option<Vec<CaseResult>>> {
        let folder = self.work.folder("cases")?;
        let run = CaseRun {
            compiler: self.compiler,
            files: self.files,
            cases: &self.material.cases,
            answer,
            folder: &folder,
        };
        run.run(cancel)
    }

    fn judge_misuse(&self, verdict: &mut Verdict, results: Result<Option<Vec<CaseResult>>>) {
        match results {
            Ok(Some(results)) => {
                verdict.main = diagnose::of_misuse(&results);
                if verdict.main.is_some() {
                    verdict.status = Status::Failed;
                }
                verdict.misuse = results;
            }
            Ok(None) => verdict.status = Status::Cancelled,
            Err(problem) => {
                verdict.status = Status::Internal;
                verdict.problem = Some(problem.to_string());
            }
        }
    }

    fn advice(&self) -> Result<Vec<CompileMessage>> {
        let job = Job {
            name: &self.files.exercise.name,
            source: &self.work.source("main.rs", &self.module_source()?)?,
            emit: Emit::Advice(&self.work.file("advice.rmeta"), &LINTS),
            incremental: None,
            answer: None,
            remaps: self.files.remaps(),
        };
        let done = self.compiler.run(&job, &self.options.cancel)?;
        let told = done.diagnostics.iter().map(|d| self.files.attribute(d));
        Ok(told
            .filter(|m| m.place == Place::Answer)
            .filter(|m| m.code.as_deref().is_some_and(|c| LINTS.contains(&c)))
            .collect())
    }

    fn tell(&self, event: Event<'_>) {
        (self.options.on_event)(event);
    }
}

fn millis(since: Instant) -> u64 {
    since.elapsed().as_millis() as u64
}
