//! Which compiler is used: the same as cargo would, but without the detour
//! through rustup's proxy, which costs some ten milliseconds a call.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::cancel::Cancel;
use crate::disk;
use crate::problem::{Problem, Result};
use crate::process::{self, End, Keep, Limits};

/// A compiler and all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toolchain {
    /// The compiler itself.
    pub rustc: PathBuf,
    /// clippy's compiler, where it is installed.
    pub clippy: PathBuf,
    /// All that `rustc -vV` says.
    pub version: String,
}

/// A file as it was when something about it was learnt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    path: PathBuf,
    len: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    /// The file as it is now; None if it is not there.
    pub fn of(path: &Path) -> Option<Self> {
        let meta = path.metadata().ok()?;
        Some(Stamp { path: path.to_owned(), len: meta.len(), modified: meta.modified().ok() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file is still the same. Only to save work: what a verdict
    /// depends on goes by content.
    pub fn holds(&self) -> bool {
        Stamp::of(&self.path).as_ref() == Some(self)
    }
}

#[derive(Serialize, Deserialize)]
struct Known {
    rustc: Stamp,
    version: String,
}

impl Toolchain {
    /// The compiler that cargo uses in `root`. `state` is where the checker
    /// keeps what it learns.
    pub fn find(root: &Path, state: &Path) -> Result<Self> {
        let bin = match bin_of_cargo().or_else(|| Asked::recall(root)) {
            Some(bin) => bin,
            None => {
                let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
                let sysroot = ask(&rustc, &["--print", "sysroot"], root)?;
                let bin = Path::new(sysroot.trim()).join("bin");
                if !bin.join(exe("rustc")).is_file() {
                    let version = ask(&rustc, &["-vV"], root)?;
                    return Ok(Toolchain {
                        rustc: rustc.into(),
                        clippy: exe("clippy-driver").into(),
                        version,
                    });
                }
                Asked::remember(root, &bin);
                bin
            }
        };
        let (rustc, clippy) = (bin.join(exe("rustc")), bin.join(exe("clippy-driver")));
        let file = state.join("toolchain.json");
        if let Some(known) = disk::recall::<Known>(&file)
            && Stamp::of(&rustc).as_ref() == Some(&known.rustc)
        {
            return Ok(Toolchain { rustc, clippy, version: known.version });
        }
        let version = ask(rustc.as_os_str(), &["-vV"], root)?;
        if let Some(rustc) = Stamp::of(&rustc) {
            disk::remember(&file, &Known { rustc, version: version.clone() });
        }
        Ok(Toolchain { rustc, clippy, version })
    }
}

impl Toolchain {
    /// A shared library of the toolchain's own, for programs of this machine,
    /// whose name begins so.
    pub fn shared_library(&self, root: &Path, begins: &str) -> Result<Option<PathBuf>> {
        let folder = ask(self.rustc.as_os_str(), &["--print", "target-libdir"], root)?;
        let entries = std::fs::read_dir(folder.trim()).into_iter().flatten().flatten();
        let mut files = entries.map(|entry| entry.path());
        Ok(files.find(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(begins) && name.ends_with(env::consts::DLL_SUFFIX)
        }))
    }
}

/// What rustup's proxy answered. It is asked once in the life of a program:
/// who changes the default toolchain starts the watch anew.
struct Asked {
    root: PathBuf,
    bin: PathBuf,
}

static ASKED: Mutex<Option<Asked>> = Mutex::new(None);

impl Asked {
    fn recall(root: &Path) -> Option<PathBuf> {
        let asked = ASKED.lock().unwrap_or_else(PoisonError::into_inner);
        asked.as_ref().filter(|a| a.root == root).map(|a| a.bin.clone())
    }

    fn remember(root: &Path, bin: &Path) {
        let asked = Asked { root: root.to_owned(), bin: bin.to_owned() };
        *ASKED.lock().unwrap_or_else(PoisonError::into_inner) = Some(asked);
    }
}

/// Under cargo, `CARGO` names the very cargo that runs, and its compiler is
/// beside it; unless that is rustup's proxy, which stands in no toolchain.
fn bin_of_cargo() -> Option<PathBuf> {
    if env::var_os("RUSTC").is_some() {
        return None;
    }
    let bin = PathBuf::from(env::var_os("CARGO")?).parent()?.to_owned();
    let whole = bin.parent()?.join("lib").join("rustlib").is_dir();
    (whole && bin.join(exe("rustc")).is_file()).then_some(bin)
}

fn exe(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

/// What a compiler says of itself.
fn ask(rustc: &OsStr, args: &[&str], root: &Path) -> Result<String> {
    const LIMITS: Limits = Limits { time: Duration::from_secs(60), output: 64 * 1024 };
    let mut command = Command::new(rustc);
    command.args(args).current_dir(root).stderr(Stdio::null());
    let problem = |error: &dyn std::fmt::Display| {
        Problem::new("cannot-run").with("path", rustc.display()).with("error", error)
    };
    let done =
        process::run(command, Keep::Stdout, LIMITS, &Cancel::new()).map_err(|e| problem(&e))?;
    match done.end {
        End::Exited(status) if status.success() => Ok(done.text()),
        End::Exited(status) => Err(problem(&status)),
        End::TimedOut | End::Cancelled => Err(problem(&"no answer")),
    }
}
