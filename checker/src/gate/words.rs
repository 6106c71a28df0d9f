//! Text, lesson and overview: what a person reads.

use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use record::Fact;

use super::report::{Check, Finding};
use super::sources::Sources;
use crate::catalogue::{Exercise, parse_toml};
use crate::kit::{ExerciseText, Kit};

/// Words of a lesson, code not counted: what a tired reader takes in.
const LESSON: RangeInclusive<usize> = 500..=1_000;

/// The English text, from which all others are translated.
pub fn english(kit: &Kit, exercise: &Exercise) -> PathBuf {
    text_folder(kit).join("en").join(format!("{}.toml", exercise.name))
}

/// The text in every language that has it, by language.
pub fn all(kit: &Kit, exercise: &Exercise) -> Vec<(String, PathBuf)> {
    let languages = fs::read_dir(text_folder(kit)).into_iter().flatten().flatten();
    let mut all: Vec<(String, PathBuf)> = languages
        .map(|l| {
            let file = l.path().join(format!("{}.toml", exercise.name));
            (l.file_name().to_string_lossy().into_owned(), file)
        })
        .filter(|(_, path)| path.is_file())
        .collect();
    all.sort();
    all
}

fn text_folder(kit: &Kit) -> PathBuf {
    kit.root().join("exercises").join("text")
}

/// Text against the tests; lesson and overview against the exercise.
pub fn inspect(kit: &Kit, exercise: &Exercise, sources: &Sources) -> Vec<Finding> {
    let mut found = texts(kit, exercise, sources);
    found.extend(lesson(kit, exercise));
    found.extend(overview(kit, exercise));
    found
}

fn texts(kit: &Kit, exercise: &Exercise, sources: &Sources) -> Vec<Finding> {
    let tests: BTreeSet<&str> =
        sources.tests.iter().flat_map(|f| &f.tests).map(|t| t.name.as_str()).collect();
    let mut found = Vec::new();
    for (_, path) in all(kit, exercise) {
        let finding = |key: &str, name: &str| {
            Finding::new(Check::Text, Fact::new(key).with("name", name)).at(kit, &path)
        };
        let toml = fs::read_to_string(&path).unwrap_or_default();
        let text: ExerciseText = match parse_toml(&toml, &path) {
            Ok(text) => text,
            Err(problem) => {
                let fact = Fact::new("gate-text-unreadable").with("problem", problem);
                found.push(Finding::new(Check::Text, fact).at(kit, &path));
                continue;
            }
        };
        let parts = [("title", &text.title), ("goal", &text.goal), ("python", &text.python)];
        let hints = ["hints[0]", "hints[1]", "hints[2]"].into_iter().zip(&text.hints);
        for (name, value) in parts.into_iter().chain(hints) {
            if value.trim().is_empty() {
                found.push(finding("gate-text-empty", name));
            }
        }
        for test in &tests {
            if text.tests.get(*test).is_none_or(|sentence| sentence.trim().is_empty()) {
                found.push(finding("gate-text-no-sentence", test));
            }
        }
        // A test that does not parse is not missing.
        if sources.unreadable.is_empty() && sources.tests.len() == 2 {
            for name in text.tests.keys().filter(|name| !tests.contains(name.as_str())) {
                let line = line_of(&toml, name);
                found.push(finding("gate-text-no-test", name).line(line));
            }
        }
    }
    found
}

fn lesson(kit: &Kit, exercise: &Exercise) -> Vec<Finding> {
    let path = kit.lesson(exercise);
    let Ok(text) = fs::read_to_string(&path) else { return Vec::new() };
    let mut found = Vec::new();
    let words = prose(&text);
    if !LESSON.contains(&words) {
        let fact = Fact::new("gate-lesson-length")
            .with("words", words)
            .with("least", LESSON.start())
            .with("most", LESSON.end());
        found.push(Finding::new(Check::Lesson, fact).at(kit, &path).advice());
    }
    if !text.contains(&exercise.name) {
        let fact = Fact::new("gate-lesson-silent").with("name", &exercise.name);
        found.push(Finding::new(Check::Lesson, fact).at(kit, &path));
    }
    found
}

/// The table of exercises, in the README that a visitor reads first.
fn overview(kit: &Kit, exercise: &Exercise) -> Option<Finding> {
    let path = kit.root().join("README.md");
    let text = fs::read_to_string(&path).ok()?;
    let fact = Fact::new("gate-readme-silent").with("name", &exercise.name);
    let silent = !text.contains(&format!("`{}`", exercise.name));
    silent.then(|| Finding::new(Check::Lesson, fact).at(kit, &path))
}

/// How many words there are outside code blocks.
fn prose(markdown: &str) -> usize {
    let mut in_code = false;
    markdown
        .lines()
        .filter(|line| {
            let is_fence = line.trim_start().starts_with("```");
            in_code ^= is_fence;
            !in_code && !is_fence && !line.starts_with("    ")
        })
        .flat_map(str::split_whitespace)
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
}

fn line_of(text: &str, key: &str) -> Option<u32> {
    (1..).zip(text.lines()).find(|(_, l)| l.trim_start().starts_with(key)).map(|(n, _)| n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_not_counted() {
        assert_eq!(prose("one two\n```rust\nlet x = 1;\n```\n| three | - |\n\n    x = 4\n"), 3);
    }
}
