//! Keeping in the programs that read or hold a stranger's code.
//!
//! The engine knows that it may be told to, and what each program has to see.
//! How it is done is the grader's business.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

/// Runs programs where they can do no harm.
pub trait Confine: Send + Sync {
    /// The command that runs `command` so that it has what `view` lists and
    /// nothing else: no other file, no network, no other process.
    ///
    /// # Errors
    /// It cannot be set up. Then nothing may be run.
    fn confine(&self, command: &Command, view: &View) -> io::Result<Command>;

    /// The command that does what `plan` says, in there. Its standard output
    /// is one JSON object a line, as [`TestPlan`] tells.
    ///
    /// # Errors
    /// As [`Confine::confine`].
    fn tests(&self, plan: &TestPlan, view: &View) -> io::Result<Command>;

    /// Names everything about it on which a verdict may depend: limits, say.
    fn key(&self) -> &str;
}

/// What a confined program sees. All paths are absolute and the same inside
/// as outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// An empty folder, nobody else's, to build its world in.
    pub root: PathBuf,
    /// What kind of program it is.
    pub kind: Kind,
    /// Files and folders that it may read.
    pub reads: Vec<PathBuf>,
    /// Folders that it may write to.
    pub writes: Vec<PathBuf>,
}

/// What a confined program needs to work at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A compiler that reads what a stranger wrote.
    Compiler,
    /// A compiler that reads only what is ours, and links it with a stranger's
    /// compiled code: the linker wants to know of itself through `/proc`.
    Linker,
    /// A program with a stranger's code in it.
    Tests,
}

/// Tests to run in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestPlan {
    /// The test program.
    pub program: PathBuf,
    /// The exercise that it tests.
    pub exercise: String,
    /// What to run; the answer is a [`TestResult`](crate::verdict::TestResult)
    /// for each. None to be told, as a list of strings, which tests there are.
    pub names: Option<Vec<String>>,
    /// Real seconds after which the kit's watchdog ends a test.
    pub seconds: u64,
    /// Bytes that are kept of what one test prints.
    pub output: usize,
}

impl View {
    /// What the compiler needs for one call of it.
    pub(crate) fn of_compiler(kind: Kind, root: &Path, reads: Vec<PathBuf>, output: &Path) -> Self {
        let writes = output.parent().map(Path::to_owned).into_iter().collect();
        View { root: root.to_owned(), kind, reads, writes }
    }
}
