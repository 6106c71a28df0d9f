//! The one thing the engine does: check a file against an exercise.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crate::attribute::Files;
use crate::cache::Cache;
use crate::cancel::Cancel;
use crate::catalogue::Exercise;
use crate::compile::Compiler;
use crate::confine::Confine;
use crate::hash::Key;
use crate::kit::Kit;
use crate::material::Material;
use crate::problem::{Problem, Result};
use crate::run::{Run, millis};
use crate::toolbox::Toolbox;
use crate::toolchain::Toolchain;
use crate::verdict::{Build, CompileMessage, Status, TestResult, Verdict};
use crate::workplace::Workplace;
use crate::{given, material, shared};

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
    /// KiB that are kept of what one test prints; the rest is thrown away.
    pub test_output_kib: u32,
    /// A pitfall that this answer is known for. A verdict that names it is kept
    /// although the real clock had a say in it, as in every test that hangs.
    pub known_for: Option<String>,
    /// How often to run the tests; the answer is compiled once. Rounds end with
    /// the first that ends in another way, and after a test that hung. More
    /// than one: what is known from earlier does not count.
    pub rounds: u32,
    /// Whether the compiler may use its earlier work on the exercise again, where
    /// it compiles answer and tests together. Quicker for somebody who edits one
    /// answer; slower for many answers that have little in common.
    pub incremental: bool,
    /// What cargo prints when it must build the dependencies first.
    pub cargo: CargoOutput,
    /// Told what happens, as it happens, from whatever thread.
    pub on_event: Arc<dyn Fn(Event<'_>) + Send + Sync>,
    /// Stops the check; the verdict is then `Cancelled`.
    pub cancel: Cancel,
    /// Where to keep in what reads or holds the answer: for those whom nobody
    /// trusts. None runs it like any program of one's own.
    pub confine: Option<Arc<dyn Confine>>,
    /// The crates that an answer may use besides the kit, where it is compiled
    /// as a crate of its own. None: all that the stubs may use.
    pub crates: Option<Vec<String>>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            build: Build::Module,
            cache: true,
            test_seconds: None,
            test_output_kib: 64,
            known_for: None,
            rounds: 1,
            incremental: true,
            cargo: CargoOutput::Terminal,
            on_event: Arc::new(|_| {}),
            cancel: Cancel::new(),
            confine: None,
            crates: None,
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

/// How often a check begins anew when something changes under it.
const TRIES: usize = 3;

/// None if the dependencies were built anew meanwhile, by cargo in another
/// terminal or by an editor, or if the answer or its tests were saved: then what
/// the compiler said means nothing, least of all under this key.
fn check_once(
    kit: &Kit,
    exercise: &Exercise,
    answer: &Path,
    options: &Options,
) -> Result<Option<Verdict>> {
    let toolchain = Toolchain::find(kit.root(), &kit.state())?;
    let toolbox = Toolbox::ready(kit, &toolchain, options)?;
    let material = Material::read(kit, exercise, answer)?;
    let key = material.key(kit, exercise, &toolbox, options)?;
    let cache = Cache::new(&kit.state());
    let is_cached = options.cache && options.rounds <= 1;
    if let Some(known) = is_cached.then(|| cache.get(&key)).flatten() {
        return Ok(Some(known));
    }
    let mut compiler =
        Compiler { crates: options.crates.as_deref(), ..Compiler::new(kit, &toolchain, &toolbox) };
    let given = match options.build {
        Build::Crate => Some(given::ready(&compiler, &options.cancel)?),
        Build::Module => None,
    };
    let shared = shared::ready(&compiler, &options.cancel)?;
    (compiler.given, compiler.shared) = (given.as_deref(), shared.as_ref());
    let case_paths: Vec<PathBuf> = material.cases.iter().map(|c| c.path.clone()).collect();
    let files = Files {
        root: kit.root(),
        answer: &material.path,
        exercise,
        tests: &material.tests,
        cases: &case_paths,
    };
    let work = Workplace::take(&kit.state(), &exercise.name)?;
    let apart = match &options.confine {
        Some(_) => Some(toolbox.apart(&kit.state(), &options.cancel)?),
        None => None,
    };
    let world = work.file("world");
    if let (Some(confine), Some(apart)) = (&options.confine, &apart) {
        compiler.toolbox = apart;
        compiler.confine = Some((&**confine, &world));
    }
    let run = Run { compiler: &compiler, files: &files, material: &material, work: &work, options };
    let verdict = run.verdict()?;
    let read_now = || Material::read(kit, exercise, answer)?.key(kit, exercise, &toolbox, options);
    let is_stopped = verdict.status == Status::Cancelled;
    if !toolbox.is_whole() || (!is_stopped && read_now().ok().as_ref() != Some(&key)) {
        return Ok(None);
    }
    if is_cached {
        cache.put(&key, &verdict, options.known_for.as_deref());
    }
    Ok(Some(verdict))
}

/// What the compiler that is used in this kit says of itself.
///
/// # Errors
/// There is none.
pub fn toolchain(kit: &Kit) -> Result<String> {
    Toolchain::find(kit.root(), &kit.state()).map(|toolchain| toolchain.version)
}

/// The keys under which verdicts on one exercise are known: two answers with
/// the same key get the same verdict.
#[derive(Clone, Debug)]
pub struct Keys {
    base: String,
    name: String,
}

impl Keys {
    /// Reads everything but the answer that a verdict under these options
    /// depends on.
    ///
    /// # Errors
    /// As [`check`].
    pub fn read(kit: &Kit, exercise: &Exercise, options: &Options) -> Result<Self> {
        let toolchain = Toolchain::find(kit.root(), &kit.state())?;
        let toolbox = Toolbox::ready(kit, &toolchain, options)?;
        let stub = Material::read(kit, exercise, &kit.stub(exercise))?;
        let tests = stub.key_of_tests(&toolbox);
        let mut base = Key::new("any answer");
        base.add("base", material::base_key(kit, exercise, &toolbox, &tests, options)?);
        // Whether an answer is the untouched stub follows from these.
        base.add("stub", &stub.answer);
        base.add_file("stubs", &kit.root().join("exercises/stubs.sha256"))
            .map_err(|e| Problem::io("read", kit.root(), &e))?;
        Ok(Keys { base: base.finish(), name: material::foreign_name(exercise) })
    }

    /// The key of an answer that is not a file of the kit, by the hash of its
    /// content.
    pub fn of(&self, answer: &str) -> String {
        material::answer_key(&self.base, &self.name, false, answer.as_bytes())
    }
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
    let compiler = Compiler::new(kit, &toolchain, &toolbox);
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
