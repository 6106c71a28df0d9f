//! All that a check reads before it begins, and the key made of it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::attribute::inside_kit;
use crate::cases::{self, Case};
use crate::catalogue::Exercise;
use crate::check::Options;
use crate::hash::Key;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::stubs;
use crate::toolbox::Toolbox;

/// Goes up when the same content may get another verdict.
const ENGINE: &str = concat!(env!("CARGO_PKG_VERSION"), ".7");

/// An answer, and what it is checked with.
pub(crate) struct Material {
    /// The answer's file, absolute.
    pub path: PathBuf,
    pub answer: Vec<u8>,
    /// It is the stub, byte for byte.
    pub untouched: bool,
    /// `visible.rs` and, outside a student edition, `hidden.rs`, with their text.
    pub tests: Vec<(PathBuf, String)>,
    pub cases: Vec<Case>,
}

impl Material {
    /// Reads it all.
    pub fn read(kit: &Kit, exercise: &Exercise, answer: &Path) -> Result<Self> {
        let path = std::path::absolute(answer).map_err(|e| Problem::io("read", answer, &e))?;
        let content = fs::read(&path).map_err(|e| Problem::io("read", &path, &e))?;
        let folder = kit.tests(exercise);
        let mut tests = Vec::new();
        for (name, must) in [("visible.rs", true), ("hidden.rs", false)] {
            let path = folder.join(name);
            match fs::read_to_string(&path) {
                Ok(text) => tests.push((path, text)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound && !must => {}
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                    return Err(Problem::new("missing-file")
                        .with("exercise", &exercise.name)
                        .with("path", kit.shown(&path)));
                }
                Err(e) => return Err(Problem::io("read", &path, &e)),
            }
        }
        Ok(Material {
            untouched: stubs::is_untouched(kit, exercise, &path, &content),
            path,
            answer: content,
            tests,
            cases: cases::read_all(&folder)?,
        })
    }

    /// Hash of what decides which tests there are.
    pub fn key_of_tests(&self, toolbox: &Toolbox) -> String {
        let mut key = Key::new("tests");
        key.add("toolbox", &toolbox.key);
        for (path, text) in &self.tests {
            key.add(&path.file_name().unwrap_or_default().to_string_lossy(), text);
        }
        key.finish()
    }

    /// Hash of everything that the verdict depends on.
    pub fn key(
        &self,
        kit: &Kit,
        exercise: &Exercise,
        toolbox: &Toolbox,
        options: &Options,
    ) -> Result<String> {
        let tests = self.key_of_tests(toolbox);
        let base = base_key(kit, exercise, toolbox, &tests, options)?;
        Ok(answer_key(
            &base,
            &name_in_messages(kit, exercise, &self.path),
            self.untouched,
            &self.answer,
        ))
    }
}

/// Hash of what the verdict on any answer to this exercise depends on.
pub(crate) fn base_key(
    kit: &Kit,
    exercise: &Exercise,
    toolbox: &Toolbox,
    tests: &str,
    options: &Options,
) -> Result<String> {
    let mut key = Key::new("exercise");
    key.add("engine", ENGINE);
    key.add("toolbox", &toolbox.key);
    key.add("language", record::text::language());
    key.add("exercise", &exercise.name);
    key.add("pitfalls", exercise.pitfalls.join(" "));
    // Stages and compiler messages decide which pitfall is told.
    key.add("catalogue", record::pitfall::source());
    key.add("build", format!("{:?}", options.build));
    key.add("confined", options.confine.as_ref().map_or("", |c| c.key()));
    if let Some(seconds) = options.test_seconds {
        key.add("seconds", seconds.to_string());
    }
    key.add("output", options.test_output_kib.to_string());
    if let Some(crates) = &options.crates {
        key.add("crates", crates.join(" "));
    }
    key.add("tests", tests);
    let folder = kit.tests(exercise);
    key.add_tree(&folder.join("compile_fail"), "rs")
        .map_err(|e| Problem::io("read", &folder, &e))?;
    Ok(key.finish())
}

/// Hash of that and of one answer.
pub(crate) fn answer_key(base: &str, name: &str, untouched: bool, answer: &[u8]) -> String {
    let mut key = Key::new("verdict");
    key.add("base", base);
    key.add("untouched", format!("{untouched}"));
    key.add("name", name);
    key.add("answer", answer);
    key.finish()
}

/// What messages call the answer's file, and so a part of the verdict.
fn name_in_messages(kit: &Kit, exercise: &Exercise, path: &Path) -> String {
    match inside_kit(kit.root(), path) {
        Some(inside) => inside.display().to_string(),
        None => foreign_name(exercise),
    }
}

/// The same for a file from elsewhere.
pub(crate) fn foreign_name(exercise: &Exercise) -> String {
    format!("{}.rs", exercise.name)
}
