//! Which files of the kit an edition is made of: those that the kit's own
//! structure names, and no others. A new kind of file stays at home until
//! somebody adds it here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::source::{self, Wrong};
use crate::catalogue::Exercise;
use crate::hash;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::stubs;

/// The files of an edition: path from its root with `/`, and content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What is copied as it is.
const PLAIN: [&str; 4] =
    ["LICENSE-APACHE", "LICENSE-MIT", "rustfmt.toml", "exercises/pitfalls.toml"];

/// The roots of the crates; their modules lead to the other sources.
const CRATES: [&str; 6] = [
    "checker/record/src/lib.rs",
    "checker/src/lib.rs",
    "checker/src/main.rs",
    "tests/kit/src/lib.rs",
    "tests/self_grade.rs",
    "tests/toolbox.rs",
];

/// Sentences that the programs of an edition say, in each language.
const SENTENCES: [&str; 3] = ["checker.toml", "kit.toml", "pitfalls.toml"];

/// Collects files from a kit.
pub struct Collector<'k> {
    /// Where they come from.
    pub kit: &'k Kit,
    /// What was collected.
    pub files: Files,
}

impl<'k> Collector<'k> {
    /// Nothing yet.
    pub fn new(kit: &'k Kit) -> Self {
        Collector { kit, files: Files::new() }
    }

    /// What every edition has: the programs, their sentences, the licences.
    ///
    /// # Errors
    /// A file is missing, or is no Rust.
    pub fn add_house(&mut self) -> Result<()> {
        for path in PLAIN {
            let content = self.read(path)?;
            self.add(path, content);
        }
        for root in CRATES {
            self.add_crate(root)?;
        }
        for language in self.languages()? {
            for name in SENTENCES {
                let path = format!("exercises/text/{language}/{name}");
                // A translation may be begun and not yet finished.
                if self.kit.root().join(&path).is_file() {
                    let content = self.read(&path)?;
                    self.add(&path, content);
                }
            }
        }
        Ok(())
    }

    /// What belongs to an exercise and is a student's to see, but for its text.
    ///
    /// # Errors
    /// A file is missing, or is no Rust.
    pub fn add_exercise(&mut self, exercise: &Exercise) -> Result<()> {
        let Exercise { name, folder, .. } = exercise;
        // Not what a learner, or the instructor, has made of it.
        let stub = stubs::pristine(self.kit, exercise)?;
        self.add(&format!("exercises/{folder}/{name}.rs"), stub);
        let lesson = format!("exercises/{folder}/README.md");
        let content = self.read(&lesson)?;
        self.add(&lesson, content);

        let main = format!("tests/{name}/main.rs");
        let text = self.read_text(&main)?;
        let text = strip(&main, &text)?;
        let text: Vec<&str> = text.lines().filter(|line| line.trim() != "mod hidden;").collect();
        self.add(&main, format!("{}\n", text.join("\n")).into_bytes());
        let visible = format!("tests/{name}/visible.rs");
        let text = self.read_text(&visible)?;
        self.add(&visible, text.into_bytes());

        // Not the messages beside them: they quote the solution.
        let cases = self.kit.tests(exercise).join("compile_fail");
        let cases = hash::files_under(&cases, "rs").map_err(|e| Problem::io("read", &cases, &e))?;
        for case in cases {
            let path = slashed(case.strip_prefix(self.kit.root()).unwrap_or(&case));
            let content = self.read(&path)?;
            self.add(&path, content);
        }
        Ok(())
    }

    /// A source and all modules that it takes from other files.
    fn add_crate(&mut self, root: &str) -> Result<()> {
        // With the folder in which its modules stand.
        let mut open = vec![(root.to_owned(), parent(root))];
        while let Some((path, folder)) = open.pop() {
            if self.files.contains_key(&path) {
                continue;
            }
            let text = self.read_text(&path)?;
            let text = strip(&path, &text)?;
            let modules = source::modules(&text).map_err(|wrong| not_rust(&path, &wrong))?;
            for module in modules {
                let around = module.inside.iter().fold(folder.clone(), |f, m| f.join(m));
                let below = around.join(&module.name);
                let tried = match &module.path {
                    Some(said) if module.inside.is_empty() => {
                        vec![(parent(&path).join(said), None)]
                    }
                    Some(said) => vec![(around.join(said), None)],
                    None => vec![
                        (below.with_extension("rs"), Some(below.clone())),
                        (below.join("mod.rs"), Some(below.clone())),
                    ],
                };
                let found = tried
                    .into_iter()
                    .filter_map(|(file, inner)| Some((tidy(&file)?, inner)))
                    .find(|(file, _)| self.kit.root().join(file).is_file());
                let Some((file, inner)) = found else {
                    return Err(Problem::new("release-no-module")
                        .with("module", module.name)
                        .with("path", path));
                };
                let inner = inner.unwrap_or_else(|| parent(&file));
                open.push((file, inner));
            }
            self.add(&path, text.into_bytes());
        }
        Ok(())
    }

    /// Puts a file among the others.
    pub fn add(&mut self, path: &str, content: Vec<u8>) {
        self.files.insert(path.to_owned(), content);
    }

    /// Reads a file of the kit.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&self, path: &str) -> Result<Vec<u8>> {
        let path = self.kit.root().join(path);
        fs::read(&path).map_err(|e| Problem::io("read", &path, &e))
    }

    /// Reads a file of the kit that must be UTF-8.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read_text(&self, path: &str) -> Result<String> {
        let path = self.kit.root().join(path);
        fs::read_to_string(&path).map_err(|e| Problem::io("read", &path, &e))
    }

    /// The languages that the kit has texts in.
    ///
    /// # Errors
    /// Their folder cannot be read.
    pub fn languages(&self) -> Result<Vec<String>> {
        let folder = self.kit.root().join("exercises").join("text");
        let folders = hash::folders_in(&folder).map_err(|e| Problem::io("read", &folder, &e))?;
        Ok(folders.iter().filter_map(|f| Some(f.file_name()?.to_str()?.to_owned())).collect())
    }
}

fn strip(path: &str, text: &str) -> Result<String> {
    source::strip(text).map_err(|wrong| not_rust(path, &wrong))
}

/// A source that cannot be taken into an edition.
pub fn not_rust(path: &str, wrong: &Wrong) -> Problem {
    Problem::new("release-not-rust")
        .with("path", path)
        .with("line", wrong.line)
        .with("error", &wrong.error)
}

fn parent(path: &str) -> PathBuf {
    Path::new(path).parent().unwrap_or(Path::new("")).to_owned()
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// The path without `..`; none if it leads out of the kit.
fn tidy(path: &Path) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_kit() {
        let tidied = |path: &str| tidy(Path::new(path));
        assert_eq!(tidied("a/./b/../c.rs").as_deref(), Some("a/c.rs"));
        assert_eq!(tidied("a/../../c.rs"), None);
        assert_eq!(tidied("/etc/passwd"), None);
    }
}
