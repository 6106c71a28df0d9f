//! Running a test program: one process a test, judged by the record that the
//! kit leaves, never by what is printed.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use record::proof::ASKED;
use record::{Outcome, Record};

use crate::cancel::Cancel;
use crate::confine::Confine;
use crate::problem::{Problem, Result};
use crate::process::{self, End, Finished, Keep, Limits};
use crate::verdict::{TestOutcome, TestResult};

mod confined;

use confined::Secret;

/// A test that has run for this long is waiting for something, or hangs. It no
/// longer counts as busy, so that ten hanging tests take as long as one.
const PATIENCE: Duration = Duration::from_secs(1);

/// Tells the kit's watchdog how long to wait.
const SECONDS_NAME: &str = "ASYNCLINGS_TEST_SECONDS";

/// A compiled test program.
pub(crate) struct TestProgram<'a> {
    /// The program.
    pub program: &'a Path,
    /// The exercise that it tests.
    pub exercise: &'a str,
    /// The kit's root: where tests run, and where the kit finds its text.
    pub root: &'a Path,
    /// The folder of the shared libraries that it loads, if it needs any.
    pub libraries: Option<&'a Path>,
    /// An empty folder for the records.
    pub records: &'a Path,
    /// Real seconds after which the kit's own watchdog ends a test.
    pub seconds: Option<u64>,
    /// Bytes that are kept of what one test prints.
    pub output: usize,
    /// Where to keep it in, and an empty folder for that.
    pub confine: Option<(&'a dyn Confine, &'a Path)>,
    /// In there: the program that shuts the last doors and becomes the test.
    /// Records must then be sealed.
    pub seal: Option<&'a (dyn Fn(&Command) -> Command + Sync)>,
}

/// The facts by which the kit's own watchdog says that a test hung.
const WATCHDOG_FACTS: [&str; 6] = [
    "stuck-in-poll",
    "waits-in-poll",
    "computes-in-poll",
    "computes-on",
    "stuck-outside",
    "waits-outside",
];

impl TestProgram<'_> {
    /// The tests in the program, as libtest names them, sorted by name. Tests
    /// that do not stand in the exercise's test files are left out: a learner
    /// may write tests of their own.
    pub fn list(&self, cancel: &Cancel) -> Result<Vec<String>> {
        if let Some((confine, world)) = self.confine {
            return self.list_in_there(confine, world, cancel);
        }
        let limits = Limits { time: self.time_limit(), output: 1 << 20 };
        let mut command = self.command();
        command.args(["--list", "--format", "terse"]).stderr(Stdio::null());
        let done = process::run(command, Keep::Stdout, limits, cancel)
            .map_err(|e| Problem::io("run", self.program, &e))?;
        let text = done.text();
        let names = text.lines().filter_map(|line| line.strip_suffix(": test"));
        Ok(names.filter(|name| is_ours(name)).map(str::to_owned).collect())
    }

    /// Runs these tests, as many at once as there are cores, and returns their
    /// results in the same order. `on_done` hears of each as it ends.
    ///
    /// # Errors
    /// The place where they are to be kept in could not be made.
    pub fn run(
        &self,
        names: &[String],
        on_done: &(dyn Fn(&TestResult) + Sync),
        cancel: &Cancel,
    ) -> Result<Vec<TestResult>> {
        if let Some((confine, world)) = self.confine {
            return self.run_in_there(confine, world, names, on_done, cancel);
        }
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let mut results: Vec<Option<TestResult>> = vec![None; names.len()];
        thread::scope(|scope| {
            let (sender, ended) = mpsc::channel();
            let mut running: Vec<(usize, Instant)> = Vec::new();
            let mut waiting = names.iter().enumerate();
            let mut left = names.len();
            while left > 0 {
                let busy = running.iter().filter(|(_, since)| since.elapsed() < PATIENCE).count();
                for _ in busy..cores {
                    let Some((index, name)) = waiting.next() else { break };
                    running.push((index, Instant::now()));
                    let to_tell = sender.clone();
                    let begun = thread::Builder::new().spawn_scoped(scope, move || {
                        drop(to_tell.send((index, self.run_one(index, name, cancel))))
                    });
                    // An answer may have used up all threads that there are.
                    if let Err(error) = begun {
                        let not = TestResult { output: error.to_string(), ..not_run(name) };
                        drop(sender.send((index, not)));
                    }
                }
                match ended.recv_timeout(PATIENCE) {
                    Ok((index, result)) => {
                        on_done(&result);
                        results[index] = Some(result);
                        running.retain(|(i, _)| *i != index);
                        left -= 1;
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    // Cannot be: this side holds a sender too.
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
        });
        let names = names.iter();
        let results = results.into_iter().zip(names);
        Ok(results.map(|(r, name)| r.unwrap_or_else(|| not_run(name))).collect())
    }

    fn run_one(&self, index: usize, name: &str, cancel: &Cancel) -> TestResult {
        let file = self.records.join(format!("{index}.json"));
        let mut command = self.command();
        command
            .args(["--exact", name, "--nocapture", "--test-threads=1"])
            .env("ASYNCLINGS_TEST", name)
            .env("ASYNCLINGS_RECORD", &file);
        let limits = Limits { time: self.time_limit(), output: self.output };
        let done = match self.seal {
            None => process::run(command, Keep::Both, limits, cancel)
                .map(|done| (done, None))
                .map_err(|e| e.to_string()),
            Some(seal) => Secret::random().map_err(|e| e.to_string()).and_then(|secret| {
                let mut command = seal(&command);
                command.env(ASKED, "1");
                let input = secret.pipe().map_err(|e| e.to_string())?;
                let done = process::run_with(command, input, Keep::Both, limits, cancel);
                Ok((done.map_err(|e| e.to_string())?, Some(secret)))
            }),
        };
        match done {
            Ok((done, secret)) => judge(name, read_record(&file, secret.as_ref()), &done),
            // Fails closed, and says why.
            Err(error) => TestResult { output: error, ..not_run(name) },
        }
    }

    /// The kit's own watchdog, which can say more, barks at half of it.
    fn time_limit(&self) -> Duration {
        Duration::from_secs(2 * self.seconds())
    }

    fn seconds(&self) -> u64 {
        const SECONDS: u64 = 10;
        let said = || env::var(SECONDS_NAME).ok().and_then(|s| s.parse().ok());
        self.seconds.or_else(said).unwrap_or(SECONDS)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command
            .current_dir(self.root)
            .env("ASYNCLINGS_EXERCISE", self.exercise)
            .env("CARGO_MANIFEST_DIR", self.root)
            .env("CARGO_PKG_NAME", "asynclings-exercises")
            .env(SECONDS_NAME, self.seconds().to_string())
            .env("NO_COLOR", "1")
            .env("RUST_BACKTRACE", "0");
        for name in ["RUST_TEST_THREADS", "RUST_TEST_SHUFFLE", "RUST_TEST_NOCAPTURE"] {
            command.env_remove(name);
        }
        command
    }
}

fn is_ours(name: &str) -> bool {
    name.starts_with("visible::") || name.starts_with("hidden::")
}

fn not_run(name: &str) -> TestResult {
    TestResult {
        name: name.to_owned(),
        hidden: name.starts_with("hidden::"),
        outcome: TestOutcome::NotRun,
        record: None,
        output: String::new(),
        millis: 0,
    }
}

/// The record in this file. With a secret, only one that was sealed with it.
fn read_record(file: &Path, secret: Option<&Secret>) -> Option<Record> {
    match secret {
        None => Record::parse(&fs::read_to_string(file).ok()?).ok(),
        Some(secret) => secret.open(&confined::read_regular(file)?),
    }
}

/// What became of a test, by its record and by how its process ended.
fn judge(name: &str, record: Option<Record>, done: &Finished) -> TestResult {
    // A record of another test proves nothing about this one.
    let record = record.filter(|r| r.test == name);
    let outcome = match (done.end, &record) {
        (End::Cancelled, _) => TestOutcome::NotRun,
        (End::TimedOut, _) => TestOutcome::Hung,
        (End::Exited(_), Some(record)) if is_stuck(record) => TestOutcome::Hung,
        (End::Exited(status), Some(record)) => match record.outcome {
            // Both must say so: something may have gone wrong after the last check.
            Outcome::Passed if status.success() => TestOutcome::Passed,
            Outcome::Passed if has_crashed(status) => TestOutcome::Crashed,
            Outcome::Passed | Outcome::Failed => TestOutcome::Failed,
        },
        (End::Exited(status), None) if has_crashed(status) => TestOutcome::Crashed,
        (End::Exited(_), None) => TestOutcome::ExitedEarly,
    };
    TestResult {
        outcome,
        record,
        output: done.text(),
        millis: done.time.as_millis() as u64,
        ..not_run(name)
    }
}

fn is_stuck(record: &Record) -> bool {
    let facts = record.diagnosis.iter().flat_map(|d| &d.facts);
    facts.into_iter().any(|f| WATCHDOG_FACTS.contains(&f.key.as_str()))
}

/// Ended by a signal; on Windows, by an exception.
fn has_crashed(status: ExitStatus) -> bool {
    const EXCEPTION: u32 = 0xC000_0000;
    match status.code() {
        None => true,
        Some(code) => cfg!(windows) && code as u32 >= EXCEPTION,
    }
}

/// The tests in the order in which the test files hold them, visible ones
/// first. `files` are the visible and the hidden test file with their text.
pub(crate) fn in_order_of_files(
    mut names: Vec<String>,
    files: &[(PathBuf, String)],
) -> Vec<String> {
    names.sort_by_cached_key(|name| {
        let short = name.rsplit("::").next().unwrap_or(name);
        let hidden = name.starts_with("hidden::");
        let stem = if hidden { "hidden" } else { "visible" };
        let file = files.iter().find(|(path, _)| path.file_stem().is_some_and(|s| s == stem));
        let needle = format!("fn {short}(");
        (hidden, file.and_then(|(_, text)| text.find(&needle)).unwrap_or(usize::MAX), name.clone())
    });
    names
}

#[cfg(test)]
mod tests;
