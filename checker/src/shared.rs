//! All that exercises may use, linked once, as a shared library.
//!
//! Otherwise the linker copies the runtime, the kit and what they need into
//! every test program, and that is a quarter of the time of a verdict. The
//! compiler would do without, if it were told of the library as of a crate; but
//! then it reads all that stands in there, and half of the gain is gone. So it is
//! told of the same crates as ever, without their code, and the linker
//! finds their code in the library.
//!
//! Linux only. Elsewhere, and where the toolchain cannot do it, test programs
//! are linked as cargo would.

use std::env::consts::DLL_SUFFIX;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::cancel::Cancel;
use crate::compile::{CompileEnd, Compiler, Emit, Job};
use crate::problem::{Problem, Result};
use crate::toolbox::Toolbox;
use crate::{disk, made};

/// The name of the library.
pub(crate) const NAME: &str = "asynclings_toolbox";

/// How the name of the standard library begins, as a shared library.
const STD: &str = "libstd-";

/// What holds a crate's interface in its library.
const INTERFACE: &[u8] = b"lib.rmeta";

/// The library, and what belongs to it.
pub(crate) struct Shared {
    /// A folder with all that a test program loads, and nothing else.
    pub loads: PathBuf,
    /// The crates of the toolbox without their code.
    pub crates: Toolbox,
}

/// Makes it if this toolbox has none yet. None: it cannot be made here.
pub(crate) fn ready(compiler: &Compiler<'_>, cancel: &Cancel) -> Result<Option<Shared>> {
    let state = compiler.kit.state();
    // Whoever looks for libraries takes a colon in it for the end of a path.
    if !cfg!(target_os = "linux") || state.as_os_str().as_encoded_bytes().contains(&b':') {
        return Ok(None);
    }
    let build = compiler.toolbox.build();
    let folder = made::once(&state, &build, "shared", cancel, |folder| {
        let Err(why) = make(compiler, folder, cancel)? else { return Ok(()) };
        let cannot = cannot(folder);
        fs::write(&cannot, why).map_err(|e| Problem::io("write", &cannot, &e))
    })?;
    let shared =
        || Shared { loads: loads(&folder), crates: compiler.toolbox.moved(&crates(&folder)) };
    Ok((!cannot(&folder).is_file()).then(shared))
}

/// Says why it cannot be made here.
fn cannot(folder: &Path) -> PathBuf {
    folder.join("cannot")
}

fn loads(folder: &Path) -> PathBuf {
    folder.join("loads")
}

fn crates(folder: &Path) -> PathBuf {
    folder.join("crates")
}

/// Makes the library; or says why it cannot be made here.
fn make(
    compiler: &Compiler<'_>,
    folder: &Path,
    cancel: &Cancel,
) -> Result<std::result::Result<(), String>> {
    let problem = |e: io::Error| Problem::io("write", folder, &e);
    let (loads, crates) = (loads(folder), crates(folder));
    for place in [&loads, &crates] {
        fs::create_dir_all(place).map_err(problem)?;
    }
    let Some(std) = compiler.toolchain.shared_library(compiler.kit.root(), STD)? else {
        return Ok(Err(format!("no {STD}*{DLL_SUFFIX}")));
    };
    disk::same_file(&std, &loads.join(std.file_name().unwrap_or_default())).map_err(problem)?;
    for file in compiler.toolbox.files() {
        let place = crates.join(file.file_name().unwrap_or_default());
        if is_linkable(file) { hollow(file, &place) } else { disk::same_file(file, &place) }
            .map_err(problem)?;
    }
    let source = folder.join("toolbox.rs");
    fs::write(&source, source_of(compiler.toolbox)).map_err(problem)?;
    let job = Job {
        name: NAME,
        source: &source,
        emit: Emit::Shared(&loads.join(format!("lib{NAME}{DLL_SUFFIX}"))),
        incremental: None,
        answer: None,
        remaps: Vec::new(),
        reads: Vec::new(),
    };
    let done = compiler.run(&job, cancel)?;
    match done.end {
        CompileEnd::Done => Ok(Ok(())),
        CompileEnd::Cancelled => Err(Problem::new("cancelled")),
        CompileEnd::Broken(said) => Ok(Err(said)),
        CompileEnd::Refused | CompileEnd::TooSlow => {
            let said: Vec<String> = done.diagnostics.iter().map(|d| d.words()).collect();
            Ok(Err(said.join("\n")))
        }
    }
}

/// Uses every crate, so that each becomes a part of the library.
fn source_of(toolbox: &Toolbox) -> String {
    let crates = toolbox.externs.iter().filter(|(_, file)| is_linkable(file));
    crates.map(|(name, _)| format!("pub use {name};\n")).collect()
}

/// A macro's library is for the compiler alone.
fn is_linkable(file: &Path) -> bool {
    file.extension().is_some_and(|e| e == "rlib")
}

/// A crate's library without its code: of the archive only the interface.
fn hollow(library: &Path, to: &Path) -> io::Result<()> {
    let mut members = ar::Archive::new(File::open(library)?);
    while let Some(member) = members.next_entry() {
        let mut member = member?;
        if member.header().identifier() == INTERFACE {
            let header = member.header().clone();
            let mut archive = ar::Builder::new(File::create(to)?);
            return archive.append(&header, &mut member);
        }
    }
    let lacks = format!("{} lacks {}", library.display(), INTERFACE.escape_ascii());
    Err(io::Error::new(io::ErrorKind::InvalidData, lacks))
}
