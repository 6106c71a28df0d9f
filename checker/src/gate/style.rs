//! What rustfmt and clippy say.

use std::path::{Path, PathBuf};
use std::process::Command;

use record::Fact;

use super::lints::lints;
use super::report::{Check, Finding};
use super::sources::Sources;
use crate::catalogue::Exercise;
use crate::check::Options;
use crate::kit::Kit;
use crate::problem::{Problem, Result};

/// What the whole kit is written in.
const EDITION: &str = "2024";

/// Asks rustfmt about every file of the exercise.
///
/// # Errors
/// rustfmt cannot be run.
pub fn format(kit: &Kit, exercise: &Exercise, sources: &Sources) -> Result<Vec<Finding>> {
    let mut files: Vec<PathBuf> = sources.answers.iter().map(|a| a.path.clone()).collect();
    files.extend(sources.cases.iter().cloned());
    files.extend(sources.tests.iter().map(|t| t.path.clone()));
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let output = Command::new("rustfmt")
        .args(["--check", "--color", "never", "--edition", EDITION, "--config-path"])
        .arg(kit.root())
        .args(&files)
        .output()
        .map_err(|e| Problem::io("run", Path::new("rustfmt"), &e))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let mut found = Vec::new();
    for change in changes(&said) {
        let finding = Finding::new(Check::Format, Fact::new("gate-format"));
        found.push(finding.at(kit, &change.path).line(Some(change.line)).detail(change.text));
    }
    // It could not read one of them. The compiler says more of that, unless
    // nobody compiles it.
    let errors = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() && !errors.trim().is_empty() {
        let finding = Finding::new(Check::Format, Fact::new("gate-format-failed"));
        found.push(finding.at(kit, &kit.tests(exercise)).detail(errors));
    }
    Ok(found)
}

/// Asks clippy about the reference answer.
///
/// # Errors
/// As [`lints`].
pub fn clippy(kit: &Kit, exercise: &Exercise, options: &Options) -> Result<Vec<Finding>> {
    let solution = kit.solution(exercise);
    let told = lints(kit, exercise, &solution, options)?;
    Ok(told
        .iter()
        .map(|message| {
            let lint = message.code.as_deref().unwrap_or("-");
            Finding::new(Check::Clippy, Fact::new("gate-clippy").with("lint", lint))
                .at(kit, &solution)
                .line(message.line)
                .detail(&message.rendered)
        })
        .collect())
}

/// What rustfmt would change in one file.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    path: PathBuf,
    line: u32,
    text: String,
}

/// Takes rustfmt's differences apart, by file. They begin with
/// `Diff in PATH:LINE:`.
fn changes(said: &str) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for line in said.lines() {
        let start = line.strip_prefix("Diff in ").and_then(|rest| {
            let (path, number) = rest.trim_end_matches(':').rsplit_once(':')?;
            Some((PathBuf::from(path), number.parse().ok()?))
        });
        match (start, changes.last_mut()) {
            (Some((path, _)), Some(last)) if last.path == path => last.text.push_str("…\n"),
            (Some((path, line)), _) => changes.push(Change { path, line, text: String::new() }),
            (None, Some(last)) => last.text.extend([line.trim_end(), "\n"]),
            (None, None) => {}
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_told_apart_by_file() {
        let said =
            "Diff in /kit/a.rs:3:\n-x\n+y\nDiff in /kit/a.rs:9:\n-z\nDiff in /kit/b.rs:1:\n+w\n";
        let change = |path: &str, line, text: &str| Change {
            path: path.into(),
            line,
            text: text.to_owned(),
        };
        let wanted = [change("/kit/a.rs", 3, "-x\n+y\n…\n-z\n"), change("/kit/b.rs", 1, "+w\n")];
        assert_eq!(changes(said), wanted);
    }
}
