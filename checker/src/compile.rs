//! Calling the compiler: directly, with what cargo has built before.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, io};

use crate::cancel::Cancel;
use crate::confine::{Confine, Kind, View};
use crate::diagnostics::Diagnostic;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::process::{self, End, Keep, Limits};
use crate::shared::{self, Shared};
use crate::text;
use crate::toolbox::Toolbox;
use crate::toolchain::Toolchain;

/// No right answer takes the compiler longer, and few wrong ones.
const LIMITS: Limits = Limits { time: Duration::from_secs(120), output: 16 << 20 };

/// What the compiler is to make of a source file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Emit<'a> {
    /// A test program.
    Tests(&'a Path),
    /// A library that tests are linked with.
    Library(&'a Path),
    /// A shared library, with the code of all crates that it uses.
    Shared(&'a Path),
    /// Nothing that lasts; only its opinion. The file is scratch.
    Opinion(&'a Path),
    /// clippy's opinion, in the matters of these lints.
    Advice(&'a Path, &'a [&'static str]),
    /// All that clippy and the compiler say of a library by themselves.
    #[cfg(feature = "teach")]
    Lints(&'a Path),
}

/// One call of the compiler.
pub(crate) struct Job<'a> {
    /// Name of the crate.
    pub name: &'a str,
    /// Its root.
    pub source: &'a Path,
    pub emit: Emit<'a>,
    /// Where the compiler keeps what it may use again; none to keep nothing.
    pub incremental: Option<&'a Path>,
    /// A compiled answer to build against, under the name `exercise`.
    pub answer: Option<&'a Path>,
    /// How files are named in messages and panics.
    pub remaps: Vec<(&'a Path, &'static str)>,
    /// Files and folders that it reads, besides the root and the answer's
    /// library. Only a confined compiler needs to be told.
    pub reads: Vec<&'a Path>,
}

impl Emit<'_> {
    fn output(&self) -> &Path {
        match self {
            Emit::Tests(file) | Emit::Library(file) | Emit::Shared(file) => file,
            Emit::Opinion(file) | Emit::Advice(file, _) => file,
            #[cfg(feature = "teach")]
            Emit::Lints(file) => file,
        }
    }
}

/// What came of it.
pub(crate) struct Compiled {
    pub diagnostics: Vec<Diagnostic>,
    pub end: CompileEnd,
}

/// How a call of the compiler ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CompileEnd {
    /// It made what it was to make.
    Done,
    /// It refused, and said why.
    Refused,
    /// It took too long.
    TooSlow,
    /// It did not do its work; what it printed says why.
    Broken(String),
    Cancelled,
}

/// All that calls of the compiler have in common.
pub(crate) struct Compiler<'a> {
    pub kit: &'a Kit,
    pub toolchain: &'a Toolchain,
    pub toolbox: &'a Toolbox,
    /// What an answer that is a crate of its own knows as `kit`.
    pub given: Option<&'a Path>,
    /// What test programs are linked with, if there is such a library.
    pub shared: Option<&'a Shared>,
    /// Where to keep it in, and an empty folder for that.
    pub confine: Option<(&'a dyn Confine, &'a Path)>,
    /// What an answer that is a crate of its own may use besides the kit.
    /// None: everything.
    pub crates: Option<&'a [String]>,
}

impl<'a> Compiler<'a> {
    /// A compiler that is not kept in.
    pub fn new(kit: &'a Kit, toolchain: &'a Toolchain, toolbox: &'a Toolbox) -> Self {
        let (given, shared, confine, crates) = (None, None, None, None);
        Compiler { kit, toolchain, toolbox, given, shared, confine, crates }
    }
}

impl Compiler<'_> {
    /// Runs the compiler once; a second time only if it could not link with the
    /// shared library.
    pub fn run(&self, job: &Job<'_>, cancel: &Cancel) -> Result<Compiled> {
        let shared = self.shared.filter(|_| matches!(job.emit, Emit::Tests(_)));
        let done = self.run_with(job, shared, cancel)?;
        match done.end {
            CompileEnd::Broken(_) if shared.is_some() => self.run_with(job, None, cancel),
            _ => Ok(done),
        }
    }

    fn run_with(
        &self,
        job: &Job<'_>,
        shared: Option<&Shared>,
        cancel: &Cancel,
    ) -> Result<Compiled> {
        let mut command = self.command(job, shared);
        let program = PathBuf::from(command.get_program());
        let problem = |error: io::Error| {
            Problem::new("cannot-run").with("path", program.display()).with("error", error)
        };
        if let Some((confine, world)) = self.confine {
            // Where there is no /proc, the compiler cannot tell where its own
            // libraries are.
            if let Some(sysroot) = self.sysroot() {
                command.env("LD_LIBRARY_PATH", sysroot.join("lib"));
            }
            // Where the kit is on this machine is nothing that an answer needs.
            if is_library(&job.emit) {
                command.env("CARGO_MANIFEST_DIR", "/");
            }
            let view = self.view(job, shared, &world.join(job.name));
            command = confine.confine(&command, &view).map_err(problem)?;
            command.stdout(Stdio::null());
        }
        let done = process::run(command, Keep::Stderr, LIMITS, cancel).map_err(problem)?;
        let output = done.text();
        let diagnostics = Diagnostic::parse_all(&output);
        let end = match done.end {
            End::Cancelled => CompileEnd::Cancelled,
            End::TimedOut => CompileEnd::TooSlow,
            End::Exited(status) if status.success() => CompileEnd::Done,
            // rustc's own code for "there were errors".
            End::Exited(status) if status.code() == Some(1) => match unplaced(&diagnostics) {
                Some(error) => CompileEnd::Broken(error),
                None => CompileEnd::Refused,
            },
            End::Exited(status) => {
                let said = tail(&output);
                CompileEnd::Broken(text::say(
                    "compiler-broke",
                    &[("status", &status), ("said", &said)],
                ))
            }
        };
        Ok(Compiled { diagnostics, end })
    }

    /// What a confined compiler needs to see.
    fn view(&self, job: &Job<'_>, shared: Option<&Shared>, world: &Path) -> View {
        let reads = [job.source].into_iter().chain(job.answer).chain(self.sysroot());
        let crates = self.toolbox(shared).search.iter().map(PathBuf::as_path);
        let loads = shared.map(|shared| shared.loads.as_path());
        let reads = reads.chain(crates).chain(loads).chain(self.given);
        let reads = reads.chain(job.reads.iter().copied());
        let kind = match job.emit {
            Emit::Tests(_) => Kind::Linker,
            _ => Kind::Compiler,
        };
        View::of_compiler(kind, world, reads.map(Path::to_owned).collect(), job.emit.output())
    }

    /// `given` itself is made of the whole kit.
    fn may_use(&self, name: &str) -> bool {
        let listed = |crates: &[String]| crates.iter().any(|c| c.replace('-', "_") == name);
        self.given.is_none() || name == "kit" || self.crates.is_none_or(listed)
    }

    fn toolbox<'s>(&'s self, shared: Option<&'s Shared>) -> &'s Toolbox {
        shared.map_or(self.toolbox, |shared| &shared.crates)
    }

    fn sysroot(&self) -> Option<&Path> {
        self.toolchain.rustc.ancestors().nth(2)
    }

    /// The same call that cargo would make under the kit's profile, but for
    /// what nobody looks at here.
    fn command(&self, job: &Job<'_>, shared: Option<&Shared>) -> Command {
        let toolbox = self.toolbox(shared);
        let mut command = match job.emit {
            Emit::Advice(..) => Command::new(&self.toolchain.clippy),
            #[cfg(feature = "teach")]
            Emit::Lints(_) => Command::new(&self.toolchain.clippy),
            _ => Command::new(&self.toolchain.rustc),
        };
        command
            .current_dir(self.kit.root())
            .stdout(Stdio::null())
            .env("CARGO_MANIFEST_DIR", self.kit.root())
            .env("CARGO_PKG_NAME", "asynclings-exercises")
            .env("CARGO_CRATE_NAME", job.name)
            .args(["--edition=2024", "--error-format=json", "--json=diagnostic-rendered-ansi"])
            // Fits an indented message on the 80 columns that every terminal has.
            .arg("--diagnostic-width=76")
            // Without debug information: a panic knows its line by itself, and
            // only a backtrace would want more.
            .args(["-C", "debuginfo=0", "-C", "embed-bitcode=no"])
            .args(["-F", "unsafe_code", "--crate-name", job.name])
            .arg(job.source);
        // The linker need not copy what the dependencies have of it. Elsewhere
        // another program would have to take it out again.
        if cfg!(target_os = "linux") {
            command.args(["-C", "strip=debuginfo"]);
        }
        match job.emit {
            Emit::Tests(file) => command.arg("--test").arg("-o").arg(file),
            Emit::Library(file) => command.args(["--crate-type=rlib", "-o"]).arg(file),
            Emit::Shared(file) => {
                // What it defines, nobody redefines: its own calls need not be
                // looked up whenever it is loaded, and that is once a test.
                command.args(["--crate-type=dylib", "-C", "link-arg=-Wl,-Bsymbolic"]);
                load_from(&mut command, file.parent().unwrap_or(file));
                command.arg("-o").arg(file)
            }
            Emit::Opinion(file) => {
                command.args(["--crate-type=lib", "--emit=metadata", "-o"]).arg(file)
            }
            #[cfg(feature = "teach")]
            Emit::Lints(file) => {
                command.args(["--crate-type=lib", "--emit=metadata", "-o"]).arg(file)
            }
            Emit::Advice(file, lints) => {
                command.args(["--test", "--emit=metadata", "-o"]).arg(file);
                command.args(["-A", "clippy::all"]);
                command.args(lints.iter().flat_map(|lint| ["-W", lint]))
            }
        };
        match job.incremental {
            Some(folder) => {
                command.args([OsStr::new("-C"), &joined("incremental=", folder.as_os_str())])
            }
            // Pieces are compiled beside each other, but together they take longer;
            // and where nobody edits, other checks keep the cores busy.
            None => command.args(["-C", "codegen-units=1"]),
        };
        for (folder, name) in &job.remaps {
            let mut remap = folder.as_os_str().to_owned();
            remap.push("=");
            remap.push(name);
            command.arg("--remap-path-prefix").arg(remap);
        }
        let given = self.given.and_then(Path::parent);
        for folder in toolbox.search.iter().map(PathBuf::as_path).chain(given) {
            command.arg("-L").arg(joined("dependency=", folder.as_os_str()));
        }
        for (name, file) in &toolbox.externs {
            if is_library(&job.emit) && !self.may_use(name) {
                continue;
            }
            let given = self.given.filter(|_| name == "kit" && is_library(&job.emit));
            let file = given.unwrap_or(file);
            command.arg("--extern").arg(joined(&format!("{name}="), file.as_os_str()));
        }
        if let Some(shared) = shared {
            command.arg("-L").arg(joined("native=", shared.loads.as_os_str()));
            command.args(["-l", &format!("dylib={}", shared::NAME)]);
            load_from(&mut command, &shared.loads);
        }
        if let Some(answer) = job.answer {
            command.arg("--extern").arg(joined("exercise=", answer.as_os_str()));
        }
        command.args(flags_of_environment());
        command
    }
}

fn is_library(emit: &Emit<'_>) -> bool {
    matches!(emit, Emit::Library(_))
}

/// Takes the standard library, too, as a shared one; all are looked for in this
/// folder. Its path is an argument of its own: it may hold a comma.
fn load_from(command: &mut Command, folder: &Path) {
    command.args(["-C", "prefer-dynamic"]);
    command.args(["-C", "link-arg=-Wl,-rpath", "-C", "link-arg=-Xlinker"]);
    command.arg("-C").arg(joined("link-arg=", folder.as_os_str()));
}

fn joined(prefix: &str, rest: &OsStr) -> OsString {
    let mut joined = OsString::from(prefix);
    joined.push(rest);
    joined
}

/// Flags that cargo would pass on from the environment.
fn flags_of_environment() -> Vec<String> {
    if let Ok(flags) = env::var("CARGO_ENCODED_RUSTFLAGS") {
        return flags.split('\x1f').filter(|f| !f.is_empty()).map(str::to_owned).collect();
    }
    let flags = env::var("RUSTFLAGS").or_else(|_| env::var("CARGO_BUILD_RUSTFLAGS"));
    flags.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// An error without a place in any file: the linker is missing, the disk is
/// full. That is not the answer's fault.
fn unplaced(diagnostics: &[Diagnostic]) -> Option<String> {
    let errors: Vec<_> = diagnostics.iter().filter(|d| d.is_error()).collect();
    let nowhere = |d: &&Diagnostic| d.spans.is_empty() && d.code().is_none();
    match errors.first() {
        Some(first) if errors.iter().all(nowhere) => Some(first.words()),
        Some(_) => None,
        None => Some(text::word("compiler-silent").to_owned()),
    }
}

/// The end of what a broken compiler printed.
fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.lines().filter(|l| !l.starts_with('{')).collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
