//! What clippy says of a reference answer.

use std::fs;
use std::path::Path;

use crate::attribute::Files;
use crate::catalogue::Exercise;
use crate::check::Options;
use crate::compile::{CompileEnd, Compiler, Emit, Job};
use crate::hash::Key;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::toolbox::Toolbox;
use crate::toolchain::Toolchain;
use crate::verdict::{CompileMessage, Place};
use crate::workplace::Workplace;
use crate::{cases, disk};

/// What clippy and the compiler warn of by themselves. Nothing if the file
/// does not compile at all: the check of the answer tells that. What was said
/// once of the same content is not asked again.
///
/// # Errors
/// As [`check`](crate::check::check), and there is no clippy.
pub fn lints(
    kit: &Kit,
    exercise: &Exercise,
    answer: &Path,
    options: &Options,
) -> Result<Vec<CompileMessage>> {
    let toolchain = Toolchain::find(kit.root(), &kit.state())?;
    let toolbox = Toolbox::ready(kit, &toolchain, options)?;
    let content = fs::read(answer).map_err(|e| Problem::io("read", answer, &e))?;
    let mut key = Key::new("lints");
    key.add("toolbox", &toolbox.key);
    key.add("exercise", &exercise.name);
    key.add("path", kit.shown(answer).to_string());
    key.add("answer", content);
    let known = kit.state().join("lints").join(key.finish()).with_extension("json");
    if let Some(told) = options.cache.then(|| disk::recall(&known)).flatten() {
        return Ok(told);
    }
    let compiler = Compiler::new(kit, &toolchain, &toolbox);
    let files = Files { root: kit.root(), answer, exercise, tests: &[], cases: &[] };
    let work = Workplace::take(&kit.state(), &exercise.name)?;
    let source = cases::module(&exercise.name, answer, "pub ")?;
    let job = Job {
        name: "exercise",
        source: &work.source("lints.rs", &source)?,
        emit: Emit::Lints(&work.output("lints", "lints.rmeta")?),
        incremental: None,
        answer: None,
        remaps: files.remaps(),
        reads: Vec::new(),
    };
    let done = compiler.run(&job, &options.cancel)?;
    match done.end {
        CompileEnd::Done => {}
        CompileEnd::Cancelled => return Err(Problem::new("cancelled")),
        _ => return Ok(Vec::new()),
    }
    let told = done.diagnostics.iter().map(|d| files.attribute(d));
    let told: Vec<CompileMessage> = told.filter(|m| m.place == Place::Answer).collect();
    disk::remember(&known, &told);
    Ok(told)
}
