//! What an answer is held against: every test and every compile-fail case of
//! an exercise, as the kit has them, not as a verdict claims.

use std::fs;
use std::path::Path;

use crate::catalogue::Exercise;
use crate::gate::test_file::TestFile;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::verdict::{TestOutcome, Verdict};

/// Where a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Visible,
    Hidden,
    /// A compile-fail case.
    CompileFail,
}

impl Group {
    pub const ALL: [Group; 3] = [Group::Visible, Group::Hidden, Group::CompileFail];

    /// Its name in `course.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Group::Visible => "visible",
            Group::Hidden => "hidden",
            Group::CompileFail => "compile_fail",
        }
    }
}

/// A test or a case, and what it weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Check {
    pub group: Group,
    /// The test function's name, or the case's file without `.rs`.
    pub name: String,
    pub weight: u32,
}

impl Check {
    /// Whether the verdict says that it passed. What it does not mention did
    /// not.
    pub fn passed(&self, verdict: &Verdict) -> bool {
        if self.group == Group::CompileFail {
            let mut found = verdict.misuse.iter().filter(|c| c.name == self.name).peekable();
            return found.peek().is_some() && found.all(|c| c.holds && !c.compiled);
        }
        let hidden = self.group == Group::Hidden;
        let same =
            |t: &&crate::verdict::TestResult| t.hidden == hidden && t.short_name() == self.name;
        let mut found = verdict.tests.iter().filter(same).peekable();
        found.peek().is_some() && found.all(|t| t.outcome == TestOutcome::Passed)
    }
}

/// All checks of an exercise, each of weight 1.
///
/// # Errors
/// A file of tests cannot be read, or is not Rust.
pub(super) fn of(kit: &Kit, exercise: &Exercise) -> Result<Vec<Check>> {
    let folder = kit.tests(exercise);
    let mut checks = Vec::new();
    for (group, file) in [(Group::Visible, "visible.rs"), (Group::Hidden, "hidden.rs")] {
        let path = folder.join(file);
        // A student edition has no hidden tests.
        if !path.is_file() {
            continue;
        }
        let tests = TestFile::read(&path, group.name()).map_err(|(line, error)| {
            Problem::new("course-tests-unreadable")
                .with("path", kit.shown(&path))
                .with("line", line.unwrap_or(1))
                .with("error", error)
        })?;
        checks.extend(tests.tests.into_iter().map(|t| Check { group, name: t.name, weight: 1 }));
    }
    let cases = cases_in(&folder.join("compile_fail"))?;
    checks.extend(cases.into_iter().map(|name| Check {
        group: Group::CompileFail,
        name,
        weight: 1,
    }));
    Ok(checks)
}

fn cases_in(folder: &Path) -> Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let fail = |e: std::io::Error| Problem::io("read", folder, &e);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.extension().is_some_and(|e| e == "rs")
            && let Some(name) = path.file_stem().and_then(|s| s.to_str())
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}
