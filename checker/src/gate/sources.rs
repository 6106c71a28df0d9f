//! What lies in the folders of an exercise.

use std::fs;
use std::path::{Path, PathBuf};

use super::test_file::TestFile;
use crate::cases::Case;
use crate::catalogue::Exercise;
use crate::kit::Kit;

/// What a file is an answer as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// What a learner is given.
    Stub,
    /// The reference answer.
    Solution,
    /// A right answer of another kind.
    Accepted,
    /// A wrong answer, with the pitfall that its file name begins with.
    Rejected(String),
}

/// A file to be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it is an answer as.
    pub role: Role,
    /// The file.
    pub path: PathBuf,
}

/// Everything of an exercise that is on disk.
pub struct Sources {
    /// The stub, the solution, accepted and rejected answers, in this order,
    /// as far as they are there.
    pub answers: Vec<Answer>,
    /// Compile-fail cases.
    pub cases: Vec<PathBuf>,
    /// `visible.rs`, then `hidden.rs`, as far as they are there and parse.
    pub tests: Vec<TestFile>,
    /// Why a test file could not be read: its path, line and what is wrong.
    pub unreadable: Vec<(PathBuf, Option<u32>, String)>,
    /// Cases that do not mark one line.
    pub unmarked: Vec<PathBuf>,
}

impl Sources {
    /// Looks into the folders.
    pub fn read(kit: &Kit, exercise: &Exercise) -> Self {
        let tests = kit.tests(exercise);
        let mut answers = Vec::new();
        let mut add = |role, path: PathBuf| answers.push(Answer { role, path });
        for (role, path) in
            [(Role::Stub, kit.stub(exercise)), (Role::Solution, kit.solution(exercise))]
        {
            if path.is_file() {
                add(role, path);
            }
        }
        rust_files(&tests.join("accepted")).into_iter().for_each(|path| add(Role::Accepted, path));
        for path in rust_files(&tests.join("rejected")) {
            add(Role::Rejected(pitfall_of(&path)), path);
        }

        let cases = rust_files(&tests.join("compile_fail"));
        let unmarked = cases.iter().filter(|path| Case::read(path).is_err()).cloned().collect();
        let (test_files, unreadable) = (Vec::new(), Vec::new());
        let mut sources = Sources { answers, cases, tests: test_files, unreadable, unmarked };
        for module in ["visible", "hidden"] {
            let path = tests.join(format!("{module}.rs"));
            if path.is_file() {
                match TestFile::read(&path, module) {
                    Ok(file) => sources.tests.push(file),
                    Err((line, error)) => sources.unreadable.push((path, line, error)),
                }
            }
        }
        sources
    }

    /// Whether the engine can check answers with these tests. If not, every
    /// answer would be told the same; a finding about the tests says it once.
    pub fn can_be_run(&self) -> bool {
        let has_visible = self.tests.iter().any(|t| t.module == "visible");
        has_visible && self.unreadable.is_empty() && self.unmarked.is_empty()
    }

    /// The answers in this role.
    pub fn with(&self, wanted: impl Fn(&Role) -> bool) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(move |a| wanted(&a.role))
    }

    /// Names of all tests as libtest has them, sorted.
    pub fn test_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .tests
            .iter()
            .flat_map(|file| file.tests.iter().map(|t| format!("{}::{}", file.module, t.name)))
            .collect();
        names.sort();
        names
    }
}

/// `rejected/busy-wake--with-a-timer.rs` is a `busy-wake`.
fn pitfall_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    stem.split_once(VARIANT).map_or(&*stem, |(id, _)| id).to_owned()
}

/// In a file name between the pitfall and what is different.
const VARIANT: &str = "--";

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "rs")).collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_not_part_of_the_pitfall() {
        assert_eq!(pitfall_of(Path::new("a/busy-wake.rs")), "busy-wake");
        assert_eq!(pitfall_of(Path::new("a/busy-wake--with-a-timer--twice.rs")), "busy-wake");
    }
}
