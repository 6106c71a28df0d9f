//! What an answer knows as `kit` in the grader's build.
//!
//! Tests use all of the kit. An answer gets what its stub uses, and cannot
//! name the rest: the instruments that watch it, for one.

use std::fs;
use std::path::PathBuf;

use crate::cancel::Cancel;
use crate::compile::{CompileEnd, Compiler, Emit, Job};
use crate::disk;
use crate::problem::{Problem, Result};

const SOURCE: &str = "//! What an answer may use of the kit.\npub use kit::given::*;\n";

/// The library, compiled if this toolbox has none yet.
pub(crate) fn ready(compiler: &Compiler<'_>, cancel: &Cancel) -> Result<PathBuf> {
    let folder = compiler.kit.state().join("given").join(&compiler.toolbox.key);
    let library = folder.join("libgiven.rlib");
    if library.is_file() {
        return Ok(library);
    }
    let _compiling = disk::lock(&folder.join("lock"), cancel)?;
    if library.is_file() {
        return Ok(library);
    }
    let source = folder.join("given.rs");
    disk::write_if_different(&source, SOURCE).map_err(|e| Problem::io("write", &source, &e))?;
    // Under another name first: a half-written library must not be found.
    let making = folder.join("libmaking.rlib");
    let job = Job {
        name: "given",
        source: &source,
        emit: Emit::Library(&making),
        incremental: None,
        answer: None,
        remaps: Vec::new(),
        reads: Vec::new(),
    };
    match compiler.run(&job, cancel)?.end {
        CompileEnd::Done => {
            fs::rename(&making, &library).map_err(|e| Problem::io("write", &library, &e))?;
            Ok(library)
        }
        CompileEnd::Cancelled => Err(Problem::new("cancelled")),
        CompileEnd::Refused | CompileEnd::TooSlow => Err(Problem::new("toolbox-failed")),
        CompileEnd::Broken(said) => Err(Problem::new("checker-broke").with("error", said)),
    }
}
