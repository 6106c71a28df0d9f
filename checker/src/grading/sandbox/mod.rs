//! The place where answers of strangers are compiled and run.
//!
//! Each program gets a world of its own, built by `hakoniwa` out of
//! namespaces: a file system with nothing in it but what is listed, no network
//! but an empty one, no other process to be seen. In there `inside` shuts
//! further doors before the program starts: it gives up being root, limits
//! memory, time and files, and lets Landlock and seccomp refuse whatever the
//! world should have hidden already. Each layer alone would stop what we know
//! of; `probe` tries them all at the start and says which hold.
//!
//! A test is shut in once more: it cannot start a process, and only the secret
//! that it reads from standard input lets it pass.

#[cfg(target_os = "linux")]
mod filter;
#[cfg(target_os = "linux")]
mod inside;
#[cfg(target_os = "linux")]
mod landlocked;
mod layers;
#[cfg(target_os = "linux")]
mod outside;
#[cfg(target_os = "linux")]
mod probe;
mod spec;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

pub use self::layers::{Layer, Layers};
pub use self::spec::Limits;
use self::spec::{Spec, Work};
use crate::confine::{Confine, TestPlan, View};
use crate::problem::{Problem, Result};

/// The first word on the command line with which this program calls itself.
const WORD: &str = "sandbox-world";

/// A place to run strangers' programs in.
pub struct Sandbox {
    limits: Limits,
    layers: Layers,
    program: PathBuf,
    key: String,
}

impl Sandbox {
    /// Opens the sandbox: tries every layer with a program that misbehaves.
    /// `program` is this very program, which calls itself in there.
    ///
    /// # Errors
    /// Some layer does not hold and `incomplete` is false; the message names
    /// it. Or nothing can be confined on this system at all.
    pub fn open(program: PathBuf, limits: Limits, incomplete: bool) -> Result<Self> {
        let mut sandbox = Sandbox { key: limits.key(), limits, layers: Layers::default(), program };
        sandbox.layers = sandbox.probe()?;
        let missing = sandbox.layers.missing();
        if missing.is_empty() || incomplete {
            return Ok(sandbox);
        }
        let names: Vec<String> = missing.iter().map(|layer| layer.to_string()).collect();
        Err(Problem::new("sandbox-incomplete").with("missing", names.join(", ")))
    }

    /// Which layers hold on this machine.
    pub fn layers(&self) -> &Layers {
        &self.layers
    }

    #[cfg(target_os = "linux")]
    fn probe(&self) -> Result<Layers> {
        probe::probe(self)
    }

    #[cfg(not(target_os = "linux"))]
    fn probe(&self) -> Result<Layers> {
        Err(Problem::new("sandbox-linux-only"))
    }

    fn command(&self, work: Work, view: &View) -> io::Result<Command> {
        fs::create_dir_all(&view.root)?;
        for folder in &view.writes {
            open_to_all(folder, 0o777)?;
        }
        let runs = match &work {
            Work::Tests(plan) => Some(&plan.program),
            _ => None,
        };
        for file in view.reads.iter().filter(|path| path.is_file()) {
            match runs {
                Some(program) if file == program => only_to_be_run(program)?,
                _ => open_to_all(file, 0o444)?,
            }
        }
        let spec = Spec {
            view: view.clone(),
            program: self.program.clone(),
            work,
            limits: self.limits.clone(),
            grader: std::process::id(),
        };
        let mut command = Command::new(&self.program);
        command.arg(WORD).arg(serde_json::to_string(&spec)?).current_dir("/").env_clear();
        Ok(command)
    }
}

/// Who is root outside is nobody in the world, and must be let in. The folders
/// above this one keep everybody else out.
#[cfg(target_os = "linux")]
fn open_to_all(path: &std::path::Path, bits: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)?.permissions().mode();
    if !nix::unistd::Uid::effective().is_root() || mode & bits == bits {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode | bits))
}

/// In a test program stands all that hidden tests say. It can be run by who
/// may not read it, and who runs in it has no need to.
#[cfg(target_os = "linux")]
fn only_to_be_run(program: &std::path::Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(program, fs::Permissions::from_mode(0o111))
}

#[cfg(not(target_os = "linux"))]
fn only_to_be_run(_: &std::path::Path) -> io::Result<()> {
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn open_to_all(_: &std::path::Path, _: u32) -> io::Result<()> {
    Ok(())
}

impl Confine for Sandbox {
    fn confine(&self, command: &Command, view: &View) -> io::Result<Command> {
        self.command(Work::program(command)?, view)
    }

    fn tests(&self, plan: &TestPlan, view: &View) -> io::Result<Command> {
        self.command(Work::Tests(plan.clone()), view)
    }

    fn key(&self) -> &str {
        &self.key
    }
}

/// What this program does when it was called by itself to enter a sandbox, or
/// in one. None: it was called by somebody else.
///
/// The program's `main` asks this first: what follows is in the way of every
/// single test.
pub fn main(args: impl IntoIterator<Item = OsString>) -> Option<ExitCode> {
    let mut args = args.into_iter().skip(1);
    let word = args.next()?;
    #[cfg(target_os = "linux")]
    match word.to_str()? {
        WORD => return Some(outside::main(args)),
        inside::WORD => return Some(inside::main(args)),
        inside::TEST_WORD => return Some(inside::test(args)),
        probe::WORD => return Some(probe::inside(args)),
        _ => {}
    }
    drop(word);
    None
}
