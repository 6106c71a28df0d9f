//! The result of checking one file. Its JSON is what `--json` prints and what
//! the cache keeps.

use std::borrow::Cow;
use std::time::Duration;

use record::{Diagnosis, Fact, Outcome, Record, Stage};
use serde::{Deserialize, Serialize};

/// Version of the verdict's JSON. It grows when a field changes its meaning
/// or goes away; a new field alone does not change it.
pub const VERSION: u32 = 1;

/// In one word, how an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every test passed and every misuse was refused by the compiler.
    Passed,
    /// Some test failed, or some misuse compiled.
    Failed,
    /// The compiler refused the answer, or the tests against it.
    DoesNotCompile,
    /// The stub as it was handed out, or an answer that only reaches `todo!()`.
    NotStarted,
    /// The test that is told first had to be ended: real time ran out.
    Hung,
    /// The process of the test that is told first ended before the test did.
    Crashed,
    /// The caller asked to stop.
    Cancelled,
    /// The checker could not do its work. Never the learner's fault, never a pass.
    Internal,
}

impl Status {
    /// Whether the exercise is done.
    pub fn is_passed(self) -> bool {
        self == Status::Passed
    }
}

/// Which of the two builds was used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Build {
    /// The learner's: the answer is a module of the test crate. Fastest.
    #[default]
    Module,
    /// The grader's: the answer is a crate of its own, compiled without the
    /// tests in reach, and the tests are compiled against it.
    Crate,
}

/// What is known of an answer after a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// [`VERSION`] of the program that wrote it.
    pub version: u32,
    /// The exercise's name.
    pub exercise: String,
    /// In one word.
    pub status: Status,
    /// Which build was used.
    pub build: Build,
    /// The file is the stub, byte for byte.
    #[serde(default)]
    pub untouched: bool,
    /// What the compiler said of the answer and of the tests against it.
    #[serde(default)]
    pub compile: Vec<CompileMessage>,
    /// Every test in the order of the test files: visible ones, then hidden.
    #[serde(default)]
    pub tests: Vec<TestResult>,
    /// The compile-fail cases; empty unless every test passed.
    #[serde(default)]
    pub misuse: Vec<CaseResult>,
    /// What to tell first; None when the answer passed.
    #[serde(default)]
    pub main: Option<MainDiagnosis>,
    /// What else would make the answer better. Filled by
    /// [`advice`](crate::check::advice), after the verdict.
    #[serde(default)]
    pub advice: Vec<CompileMessage>,
    /// For [`Status::Internal`]: what went wrong, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// How long the parts took.
    #[serde(default)]
    pub timings: Timings,
    /// Nothing was run: an earlier check of the same content said so.
    #[serde(default)]
    pub cached: bool,
    /// The tests ran more than once, and did not always say the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsteady: Option<Unsteady>,
}

/// The round of the tests that a verdict tells of ended in another way than the
/// first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsteady {
    /// Which round that was, from 2.
    pub round: u32,
    /// How the first one ended.
    pub status: Status,
    /// The pitfall that the first one named.
    pub pitfall: Option<String>,
}

impl Verdict {
    /// Nothing is known yet, so it is no pass.
    pub(crate) fn empty(exercise: &str) -> Self {
        Verdict {
            version: VERSION,
            exercise: exercise.to_owned(),
            status: Status::Internal,
            build: Build::Module,
            untouched: false,
            compile: Vec::new(),
            tests: Vec::new(),
            misuse: Vec::new(),
            main: None,
            advice: Vec::new(),
            problem: None,
            timings: Timings::default(),
            cached: false,
            unsteady: None,
        }
    }

    /// The compiler's errors, without its warnings.
    pub fn errors(&self) -> impl Iterator<Item = &CompileMessage> {
        self.compile.iter().filter(|m| m.level == Level::Error)
    }

    /// The tests that did not pass.
    pub fn failures(&self) -> impl Iterator<Item = &TestResult> {
        self.tests.iter().filter(|t| t.outcome != TestOutcome::Passed)
    }

    /// The test that [`main`](Self::main) speaks of.
    pub fn main_test(&self) -> Option<&TestResult> {
        let name = self.main.as_ref()?.test.as_deref()?;
        self.tests.iter().find(|t| t.name == name)
    }

    /// How many tests passed.
    pub fn passed(&self) -> usize {
        self.tests.iter().filter(|t| t.outcome == TestOutcome::Passed).count()
    }
}

/// What a verdict says first, chosen by the order of [`Stage`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MainDiagnosis {
    /// Where it was seen.
    pub source: Source,
    /// The pitfall's id. None when the answer is wrong in a way without a name.
    pub pitfall: Option<String>,
    /// The pitfall's stage.
    pub stage: Option<Stage>,
    /// For [`Source::Test`]: the test's name, as in [`Verdict::tests`].
    pub test: Option<String>,
    /// For [`Source::Compiler`]: index into [`Verdict::compile`]; for
    /// [`Source::Misuse`]: index into [`Verdict::misuse`].
    pub index: Option<usize>,
}

/// Where a diagnosis comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A message of the compiler.
    Compiler,
    /// A failed test.
    Test,
    /// A misuse that compiled, or that failed in another way than it should.
    Misuse,
}

/// A compiler message's weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// No program comes of it.
    Error,
    /// A program comes of it all the same.
    Warning,
}

/// Where a compiler message points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The answer's own file.
    Answer,
    /// A line of a test that says `// gate: PITFALL`: the answer lacks what
    /// the exercise promises (`Send`, say).
    Gate,
    /// Any other line of a test: the answer's signature differs from what the
    /// tests call.
    Signature,
    /// A compile-fail case.
    Case,
    /// Somewhere else: the linker, a macro's crate.
    Elsewhere,
}

/// One message of the compiler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompileMessage {
    /// Its weight.
    pub level: Level,
    /// `E0382`, or a lint's name such as `unused_must_use`.
    pub code: Option<String>,
    /// The message itself, one line as a rule.
    pub message: String,
    /// Where it points.
    pub place: Place,
    /// File of the primary span, relative to the kit's root where it is inside.
    pub file: Option<String>,
    /// Line of the primary span, from 1.
    pub line: Option<u32>,
    /// Column of the primary span, from 1.
    pub column: Option<u32>,
    /// The line of the answer to look at: the primary span's if it is in the
    /// answer, else that of the first note which points there.
    pub answer_line: Option<u32>,
    /// The pitfall that this message gives away.
    pub pitfall: Option<String>,
    /// As rustc prints it, without colour.
    pub rendered: String,
    /// As rustc prints it on a terminal.
    pub ansi: String,
}

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestOutcome {
    /// Its record says that its last check held.
    Passed,
    /// A check failed, or something panicked.
    Failed,
    /// Its process ended with an exit code before the test was over:
    /// `std::process::exit`, say.
    ExitedEarly,
    /// A signal ended its process: a stack overflow, say.
    Crashed,
    /// It was ended after the real-time limit.
    Hung,
    /// It was not run: other tests of this exercise had used up the time, or
    /// the caller asked to stop.
    NotRun,
}

/// One test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    /// As libtest names it: `hidden::keeps_input_order`.
    pub name: String,
    /// It stands in `hidden.rs`: its code must not be shown to a student.
    pub hidden: bool,
    /// How it ended.
    pub outcome: TestOutcome,
    /// What the kit wrote down; None if the process ended before that.
    pub record: Option<Record>,
    /// What it printed, to both streams, cut to 64 KiB.
    pub output: String,
    /// How long its process ran, in milliseconds.
    pub millis: u64,
}

impl TestResult {
    /// The test's name without its module.
    pub fn short_name(&self) -> &str {
        self.name.rsplit("::").next().unwrap_or(&self.name)
    }

    /// What the test itself printed: without what Rust's harness says around it.
    pub fn printed(&self) -> &str {
        let begin = format!("test {} ... ", self.name);
        let own = self.output.split_once(&begin).map_or(self.output.as_str(), |(_, own)| own);
        let ends = ["FAILED\n\nfailures:", "ok\n\ntest result:"];
        ends.iter().find_map(|end| own.rfind(end)).map_or(own, |at| &own[..at])
    }

    /// The pitfall that the test named.
    pub fn pitfall(&self) -> Option<&str> {
        self.record.as_ref()?.diagnosis.as_ref()?.pitfall.as_deref()
    }

    /// The record to show: the kit's own, or one that says as much as is known
    /// of a test that left none.
    pub fn shown(&self) -> Cow<'_, Record> {
        if let Some(record) = &self.record {
            return Cow::Borrowed(record);
        }
        let fact = match self.outcome {
            TestOutcome::Hung => {
                let limit = record::timeline::seconds(Duration::from_millis(self.millis));
                Fact::new("stuck-outside").with("limit", limit)
            }
            TestOutcome::Crashed => Fact::new("process-crashed"),
            TestOutcome::NotRun => Fact::new("not-run"),
            TestOutcome::Passed | TestOutcome::Failed | TestOutcome::ExitedEarly => {
                Fact::new("process-ended")
            }
        };
        Cow::Owned(Record {
            version: record::VERSION,
            test: self.name.clone(),
            outcome: Outcome::Failed,
            diagnosis: Some(Diagnosis { facts: vec![fact], ..Diagnosis::default() }),
            panic: None,
            end_us: 0,
            events: Vec::new(),
            omitted: 0,
        })
    }

    /// Failed by reaching `todo!()`.
    pub fn is_todo(&self) -> bool {
        self.record.as_ref().is_some_and(|r| {
            r.outcome == Outcome::Failed && r.panic.as_ref().is_some_and(record::Panic::is_todo)
        })
    }
}

/// One compile-fail case: a misuse that a right answer makes impossible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseResult {
    /// The case's file name without `.rs`.
    pub name: String,
    /// The compiler refused it for the reason that the case names.
    pub holds: bool,
    /// It compiled, although it must not.
    pub compiled: bool,
    /// The misuse, in a sentence.
    pub says: String,
    /// The pitfall of an answer that lets it compile.
    pub pitfall: Option<String>,
    /// The marked line, from 1.
    pub line: u32,
    /// The error code that must appear there.
    pub code: Option<String>,
    /// Words that the error there must contain.
    pub phrase: Option<String>,
    /// What the compiler said instead, if the case does not hold.
    pub got: Vec<CompileMessage>,
}

/// Wall time of the parts of a check, in milliseconds. In a cached verdict,
/// those of the check that was run, but for `total`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timings {
    /// Compiling and linking.
    pub compile: u64,
    /// Running the tests.
    pub tests: u64,
    /// The compile-fail cases, as far as they took longer than the tests.
    pub cases: u64,
    /// The whole check.
    pub total: u64,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A verdict as it comes of a right answer.
    pub(crate) fn passed() -> Verdict {
        with_status(Status::Passed)
    }

    /// A verdict with one test.
    pub(crate) fn with_status(status: Status) -> Verdict {
        let tests = vec![test("visible::fills", TestOutcome::Passed)];
        Verdict { status, tests, ..Verdict::empty("slot") }
    }

    /// A test without a record.
    pub(crate) fn test(name: &str, outcome: TestOutcome) -> TestResult {
        TestResult {
            name: name.into(),
            hidden: name.starts_with("hidden::"),
            outcome,
            record: None,
            output: String::new(),
            millis: 1,
        }
    }

    #[test]
    fn what_the_harness_says_is_left_out() {
        let mut test = test("visible::a", TestOutcome::Failed);
        let around =
            |own: &str, end: &str| format!("\nrunning 1 test\ntest visible::a ... {own}{end}");
        test.output =
            around("mine\npartial ", "FAILED\n\nfailures:\n\nfailures:\n    visible::a\n\n");
        assert_eq!(test.printed(), "mine\npartial ");
        test.output = around("", "ok\n\ntest result: ok. 1 passed;");
        assert_eq!(test.printed(), "");
        test.output = around("and then it died", "");
        assert_eq!(test.printed(), "and then it died");
    }
}
