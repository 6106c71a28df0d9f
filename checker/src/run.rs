//! One check from the compiler to the last compile-fail case.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use crate::attribute::Files;
use crate::cancel::Cancel;
use crate::cases::{self, CaseRun};
use crate::check::{Event, Options};
use crate::compile::{CompileEnd, Compiler, Emit, Job};
use crate::material::Material;
use crate::problem::{Problem, Result};
use crate::run_tests::{TestProgram, in_order_of_files};
use crate::verdict::{
    Build, CaseResult, CompileMessage, Level, Place, Status, TestOutcome, TestResult, Unsteady,
    Verdict,
};
use crate::workplace::Workplace;
use crate::{diagnose, disk, text};

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
pub(crate) struct Run<'a> {
    pub compiler: &'a Compiler<'a>,
    pub files: &'a Files<'a>,
    pub material: &'a Material,
    pub work: &'a Workplace,
    pub options: &'a Options,
}

/// A test program, or why there is none.
enum Built {
    /// The program, and in the grader's build the answer's library.
    Program(PathBuf, Option<PathBuf>),
    Not(Status, Option<String>),
}

impl Run<'_> {
    /// Compiles, tests, and tries every misuse.
    pub fn verdict(&self) -> Result<Verdict> {
        self.tell(Event::Compiling);
        let mut verdict = Verdict {
            build: self.options.build,
            untouched: self.material.untouched,
            ..Verdict::empty(&self.files.exercise.name)
        };
        // The cases need a core for as long as the tests' compilation does. In
        // the learner's build there is one to spare; a grader has other work
        // for it, and most wrong answers never come to the cases.
        let early = self.options.build == Build::Module && !self.material.cases.is_empty();
        let stop_cases = self.options.cancel.child();
        thread::scope(|scope| {
            let cases = early.then(|| scope.spawn(|| self.cases(None, &stop_cases)));
            let library = self.build_and_test(&mut verdict);
            let passed = library.is_ok() && verdict.status.is_passed();
            if !passed {
                stop_cases.cancel();
            }
            let library = library?;
            if passed && !self.material.cases.is_empty() {
                self.tell(Event::Misuse);
                let begun = Instant::now();
                let results = match cases {
                    Some(job) => job.join().unwrap_or_else(|_| Err(cases::broke())),
                    None => self.cases(library.as_deref(), &self.options.cancel),
                };
                self.judge_misuse(&mut verdict, results);
                verdict.timings.cases = millis(begun);
            }
            Ok::<(), Problem>(())
        })?;
        if !verdict.status.is_passed() {
            if self.material.untouched && verdict.problem.is_none() {
                verdict.status = Status::NotStarted;
            }
            if self.options.cancel.is_cancelled() {
                verdict.status = Status::Cancelled;
            }
        }
        Ok(verdict)
    }

    /// Fills in all but the misuse; in the grader's build, returns the answer's
    /// library.
    fn build_and_test(&self, verdict: &mut Verdict) -> Result<Option<PathBuf>> {
        let begun = Instant::now();
        let built = self.build(&mut verdict.compile)?;
        verdict.timings.compile = millis(begun);
        self.tell(Event::Compiled(&verdict.compile));
        match built {
            Built::Not(status, problem) => {
                verdict.main = diagnose::of_messages(&verdict.compile);
                (verdict.status, verdict.problem) = (status, problem);
                Ok(None)
            }
            Built::Program(program, library) => {
                self.test(verdict, &program)?;
                Ok(library)
            }
        }
    }

    /// Compiles the answer and its tests.
    fn build(&self, messages: &mut Vec<CompileMessage>) -> Result<Built> {
        let name = &self.files.exercise.name;
        // Each output in a folder of its own: a confined compiler may write
        // there and nowhere else.
        let program = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let program = self.work.output("program", &program)?;
        let (library, source, incremental) = match self.options.build {
            Build::Module => {
                let incremental = self.options.incremental.then(|| self.work.file("incremental"));
                (None, self.module_source()?, incremental)
            }
            Build::Crate => {
                let library = self.work.output("answer", "libexercise.rlib")?;
                let source = cases::module(name, self.files.answer, "pub ")?;
                let job = Job {
                    name: "exercise",
                    source: &self.work.source("answer.rs", &source)?,
                    emit: Emit::Library(&library),
                    incremental: None,
                    answer: None,
                    remaps: self.files.remaps(),
                    reads: vec![self.files.answer],
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
            reads: self.material.tests.iter().map(|(path, _)| path.as_path()).collect(),
        };
        let not = self.compile(&job, messages)?;
        Ok(not.unwrap_or(Built::Program(program, library)))
    }

    /// One call of the compiler; None if it did what it should.
    fn compile(&self, job: &Job<'_>, messages: &mut Vec<CompileMessage>) -> Result<Option<Built>> {
        let done = self.compiler.run(job, &self.options.cancel)?;
        let told = done.diagnostics.iter().map(|d| self.files.attribute(d));
        // Warnings about the tests are their author's business.
        let told = told.filter(|m| m.level == Level::Error || m.place == Place::Answer);
        if self.compiler.confine.is_some() {
            keep_readable(messages, told);
        } else {
            messages.extend(told);
        }
        Ok(match done.end {
            CompileEnd::Done => None,
            CompileEnd::Refused => Some(Built::Not(Status::DoesNotCompile, None)),
            CompileEnd::TooSlow => {
                let said = text::word("compiler-too-slow").to_owned();
                Some(Built::Not(Status::DoesNotCompile, Some(said)))
            }
            // A compiler that is kept in and breaks has met a limit: whoever
            // wants that must not be able to call for another try for ever.
            CompileEnd::Broken(said) if self.compiler.confine.is_some() => {
                let said = text::say("sandbox-compiler-ended", &[("said", &said)]);
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
        let program = &TestProgram {
            program,
            exercise: &self.files.exercise.name,
            root: self.files.root,
            libraries: self.compiler.shared.map(|shared| shared.loads.as_path()),
            records: &records,
            seconds: self.options.test_seconds,
            output: self.options.test_output_kib as usize * 1024,
            confine: self.compiler.confine,
            seal: None,
        };
        let cancel = &self.options.cancel;
        let names = self.names(program)?;
        if names.is_empty() && !cancel.is_cancelled() {
            let said = text::say("no-tests", &[("exercise", &self.files.exercise.name)]);
            verdict.problem = Some(said);
            return Ok(());
        }
        self.tell(Event::Testing(names.len()));
        let told = |result: &_| self.tell(Event::TestDone(result));
        judge(verdict, program.run(&names, &told, cancel)?);
        for round in 2..=self.options.rounds {
            let hung = verdict.tests.iter().any(|test| test.outcome == TestOutcome::Hung);
            if hung || verdict.unsteady.is_some() || cancel.is_cancelled() {
                break;
            }
            // No test may be judged by the record of its last run.
            self.work.emptied("records")?;
            let (status, pitfall) = (verdict.status, pitfall_of(verdict));
            judge(verdict, program.run(&names, &|_| {}, cancel)?);
            let same = (status, &pitfall) == (verdict.status, &pitfall_of(verdict));
            if !same && !cancel.is_cancelled() {
                verdict.unsteady = Some(Unsteady { round, status, pitfall });
            }
        }
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

    /// What clippy says of the answer.
    pub fn advice(&self) -> Result<Vec<CompileMessage>> {
        let job = Job {
            name: &self.files.exercise.name,
            source: &self.work.source("main.rs", &self.module_source()?)?,
            emit: Emit::Advice(&self.work.file("advice.rmeta"), &LINTS),
            incremental: None,
            answer: None,
            remaps: self.files.remaps(),
            reads: Vec::new(),
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

/// What these results say of the answer.
fn judge(verdict: &mut Verdict, tests: Vec<TestResult>) {
    verdict.tests = tests;
    diagnose::ask_the_compiler(&mut verdict.tests, &verdict.compile);
    verdict.main = diagnose::of_tests(&verdict.tests);
    verdict.status = diagnose::status_of_tests(&verdict.tests, verdict.main.as_ref());
}

fn pitfall_of(verdict: &Verdict) -> Option<String> {
    verdict.main.as_ref().and_then(|main| main.pitfall.clone())
}

/// Of a stranger's answer, as many messages are kept as somebody may want to
/// read: each takes room in the store, and there may be thousands of answers.
fn keep_readable(messages: &mut Vec<CompileMessage>, told: impl Iterator<Item = CompileMessage>) {
    const MOST: usize = 50;
    const LONGEST: usize = 8 * 1024;
    let mut left = [MOST; 2];
    for mut message in told {
        let left = &mut left[usize::from(message.level == Level::Warning)];
        if *left == 0 {
            continue;
        }
        *left -= 1;
        for text in [&mut message.message, &mut message.rendered, &mut message.ansi] {
            if text.len() > LONGEST {
                text.truncate(text.floor_char_boundary(LONGEST));
                text.push('…');
            }
        }
        messages.push(message);
    }
}

/// Whole milliseconds since then.
pub(crate) fn millis(since: Instant) -> u64 {
    since.elapsed().as_millis() as u64
}
