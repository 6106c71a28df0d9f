//! What an answer knows as `kit` in the grader's build.
//!
//! Tests use all of the kit. An answer gets what its stub uses, and cannot
//! name the rest: the instruments that watch it, for one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cancel::Cancel;
use crate::compile::{CompileEnd, Compiler, Emit, Job};
use crate::made;
use crate::problem::{Problem, Result};

const SOURCE: &str = "//! What an answer may use of the kit.\npub use kit::given::*;\n";

/// The library, compiled if this toolbox has none yet.
pub(crate) fn ready(compiler: &Compiler<'_>, cancel: &Cancel) -> Result<PathBuf> {
    let (state, build) = (compiler.kit.state(), compiler.toolbox.build());
    let folder =
        made::once(&state, &build, "given", cancel, |folder| make(compiler, folder, cancel))?;
    Ok(library(&folder))
}

fn library(folder: &Path) -> PathBuf {
    folder.join("libgiven.rlib")
}

fn make(compiler: &Compiler<'_>, folder: &Path, cancel: &Cancel) -> Result<()> {
    let source = folder.join("given.rs");
    fs::write(&source, SOURCE).map_err(|e| Problem::io("write", &source, &e))?;
    let job = Job {
        name: "given",
        source: &source,
        emit: Emit::Library(&library(folder)),
        incremental: None,
        answer: None,
        remaps: Vec::new(),
        reads: Vec::new(),
    };
    match compiler.run(&job, cancel)?.end {
        CompileEnd::Done => Ok(()),
        CompileEnd::Cancelled => Err(Problem::new("cancelled")),
        CompileEnd::Refused | CompileEnd::TooSlow => Err(Problem::new("toolbox-failed")),
        CompileEnd::Broken(said) => Err(Problem::new("checker-broke").with("error", said)),
    }
}
