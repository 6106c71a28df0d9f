//! What `cargo test` shows: every exercise as a test, then why the first of
//! them fails, where the learner stands, and what to do next.
//!
//! Cargo itself stops when one target does not compile. Here a file that does
//! not compile, or that hangs, is one failed line among others.

mod args;
mod report;

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Instant;
use std::{env, io, thread};

use args::Args;
use report::Graded;

use crate::cancel::Cancel;
use crate::catalogue::Exercise;
use crate::check::{self, Options};
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::progress::Store;
use crate::stubs;
use crate::text::word;
use crate::verdict::Status;

/// Exit code of Rust's own harness when a test has failed.
const FAILED: u8 = 101;

/// Grades the learner's files (`exercises/`), or the reference answers
/// (`solutions/`), and prints how they stand the way `cargo test` does.
///
/// Understands the arguments of Rust's own test harness. The exit code is 0 if
/// all that were asked for pass, else 101.
pub fn main(solutions: bool) -> ExitCode {
    let graded = Args::parse(env::args_os()).and_then(|args| run(&args, solutions));
    match graded {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FAILED),
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(FAILED)
        }
    }
}

fn run(args: &Args, solutions: bool) -> Result<bool> {
    if args.help {
        print(word("self-grade-help"));
        return Ok(true);
    }
    let kit = Kit::find()?;
    let wanted: Vec<&Exercise> =
        kit.catalogue().exercises().filter(|e| args.wants(&e.name)).collect();
    if args.list {
        list(&wanted, args.terse);
        return Ok(true);
    }
    let grader = Grader { kit: &kit, wanted, solutions, args };
    grader.run()
}

fn list(wanted: &[&Exercise], terse: bool) {
    for exercise in wanted {
        print(&format!("{}: test", exercise.name));
    }
    if !terse {
        print(&format!("\n{} tests, 0 benchmarks", wanted.len()));
    }
}

struct Grader<'a> {
    kit: &'a Kit,
    wanted: Vec<&'a Exercise>,
    solutions: bool,
    args: &'a Args,
}

impl Grader<'_> {
    fn run(&self) -> Result<bool> {
        let start = Instant::now();
        let options = Options { cancel: stopped_by_ctrl_c(), ..Options::default() };
        let store = Store::new(self.kit.root());
        if !self.solutions {
            let loaded = store.load()?;
            loaded.notice.iter().for_each(|notice| print(notice));
            stubs::keep_pristine(self.kit, &loaded.progress);
        }
        if !self.wanted.is_empty() {
            check::prepare(self.kit, &options)?;
        }
        let tests = if self.wanted.len() == 1 { "test" } else { "tests" };
        print(&format!("\nrunning {} {tests}", self.wanted.len()));
        let graded = self.grade(&options);
        if !self.solutions {
            let verdicts = || graded.iter().filter_map(|g| g.as_ref().ok());
            store.update(|p| verdicts().for_each(|v| p.enter(v, false)))?;
        }
        let cancelled = options.cancel.is_cancelled();
        let failed = self.failures(&graded);
        if !cancelled {
            self.tell_why(&failed);
            if !self.solutions {
                self.tell_standing(&graded)?;
            }
        }
        let filtered = self.kit.catalogue().len() - self.wanted.len();
        let passed = self.wanted.len() - failed.len();
        let seconds = start.elapsed().as_secs_f64();
        print(&format!("\n{}\n", report::result_line(passed, failed.len(), filtered, seconds)));
        Ok(failed.is_empty() && !cancelled)
    }

    /// Grades all, several at once, and prints each line as soon as those
    /// before it are printed.
    fn grade(&self, options: &Options) -> Vec<Graded> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads = self.args.threads.unwrap_or(cores).clamp(1, self.wanted.len().max(1));
        let next = AtomicUsize::new(0);
        let (sender, done) = mpsc::channel();
        let done = Mutex::new(done);
        thread::scope(|scope| {
            for _ in 0..threads {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(exercise) = self.wanted.get(index) else { return };
                        let graded =
                            check::check(self.kit, exercise, &self.answer(exercise), options);
                        let _ = sender.send((index, graded));
                    }
                });
            }
            drop(sender);
            let mut waiting = BTreeMap::new();
            let mut graded: Vec<Graded> = Vec::new();
            for (index, one) in done.lock().iter().flat_map(|done| done.iter()) {
                waiting.insert(index, one);
                while let Some(one) = waiting.remove(&graded.len()) {
                    self.tell_line(self.wanted[graded.len()], &one);
                    graded.push(one);
                }
            }
            let broke = || Err(Problem::new("checker-broke").with("error", "panic"));
            graded.resize_with(self.wanted.len(), broke);
            graded
        })
    }

    fn answer(&self, exercise: &Exercise) -> PathBuf {
        if self.solutions { self.kit.solution(exercise) } else { self.kit.stub(exercise) }
    }

    fn failures<'g>(&self, graded: &'g [Graded]) -> Vec<(&Exercise, &'g Graded)> {
        let all = self.wanted.iter().copied().zip(graded);
        all.filter(|(_, g)| !is_passed(g)).collect()
    }

    fn tell_line(&self, exercise: &Exercise, graded: &Graded) {
        let color = match graded {
            Ok(verdict) if verdict.status == Status::Passed => "32",
            Ok(verdict) if verdict.status == Status::NotStarted => "33",
            _ => "31",
        };
        let outcome = self.colored(color, &report::outcome(graded));
        print(&format!("test {} ... {outcome}", exercise.name));
    }

    /// A learner is told of the first failure, an author of every one.
    fn tell_why(&self, failed: &[(&Exercise, &Graded)]) {
        let told = if self.solutions { failed } else { &failed[..failed.len().min(1)] };
        for (exercise, graded) in told {
            let text = self.kit.text(exercise).ok();
            print(&format!("\n{}", report::why(exercise, text.as_ref(), graded).trim_end()));
        }
    }

    fn tell_standing(&self, graded: &[Graded]) -> Result<()> {
        let now: BTreeMap<&str, bool> =
            self.wanted.iter().map(|e| e.name.as_str()).zip(graded.iter().map(is_passed)).collect();
        // Those that were not asked for stand as they stood.
        let before = Store::new(self.kit.root()).load()?.progress;
        let passed = |e: &Exercise| {
            now.get(e.name.as_str()).copied().unwrap_or_else(|| before.is_passed(&e.name))
        };
        print(&format!("\n{}", report::standing(self.kit, &passed).trim_end()));
        Ok(())
    }

    fn colored(&self, code: &str, text: &str) -> String {
        let terminal =
            || env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) && io::stdout().is_terminal();
        match self.args.color.unwrap_or_else(terminal) {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }
}

fn is_passed(graded: &Graded) -> bool {
    graded.as_ref().is_ok_and(|v| v.status.is_passed())
}

/// Ends everything that runs when the terminal says so: the tests are in
/// process groups of their own and do not hear of it.
fn stopped_by_ctrl_c() -> Cancel {
    let cancel = Cancel::new();
    let stop = cancel.clone();
    // Fails only if there is a handler already, and then that one decides.
    let _ = ctrlc::set_handler(move || stop.cancel());
    cancel
}

/// A line on standard output. Whoever closed it does not want to read on.
fn print(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}
