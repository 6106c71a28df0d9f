//! What can be seen without a compiler: files, entries, test functions.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use record::{Fact, pitfall};
use toml_edit::DocumentMut;

use super::report::{Check, Finding};
use super::sources::{Role, Sources};
use super::{MARK, templates};
use crate::catalogue::Exercise;
use crate::kit::Kit;
use crate::stubs;

/// Fewer would not show that the tests look at more than one thing.
const LEAST_REJECTED: usize = 3;
const LEAST_ACCEPTED: usize = 2;

/// A shorter line says nothing of where it comes from.
const TELLING_LINE: usize = 40;

/// Everything that the files alone give away.
pub fn inspect(kit: &Kit, exercise: &Exercise, sources: &Sources) -> Vec<Finding> {
    let inspection = Inspection { kit, exercise, sources };
    let mut found = inspection.missing();
    found.extend(inspection.counts());
    found.extend(inspection.registered());
    found.extend(inspection.unfinished());
    found.extend(inspection.catalogue());
    found.extend(inspection.tests());
    found.extend(inspection.twins());
    found.extend(inspection.leaks());
    found
}

struct Inspection<'a> {
    kit: &'a Kit,
    exercise: &'a Exercise,
    sources: &'a Sources,
}

impl Inspection<'_> {
    fn finding(&self, check: Check, fact: Fact, path: &Path) -> Finding {
        Finding::new(check, fact).at(self.kit, path)
    }

    fn missing(&self) -> Vec<Finding> {
        let tests = self.kit.tests(self.exercise);
        let files = [
            ("stub", self.kit.stub(self.exercise)),
            ("solution", self.kit.solution(self.exercise)),
            ("main", tests.join("main.rs")),
            ("visible", tests.join("visible.rs")),
            ("hidden", tests.join("hidden.rs")),
            ("text", super::words::english(self.kit, self.exercise)),
            ("lesson", self.kit.lesson(self.exercise)),
        ];
        let mut found: Vec<Finding> = files
            .iter()
            .filter(|(_, path)| !path.is_file())
            .map(|(what, path)| {
                let fact =
                    Fact::new("gate-missing").with("what", say(&format!("gate-file-{what}")));
                self.finding(Check::Files, fact, path)
            })
            .collect();
        for case in &self.sources.cases {
            let expected = case.with_extension("stderr");
            match fs::read_to_string(&expected) {
                Err(_) => {
                    found.push(self.finding(Check::Files, Fact::new("gate-no-stderr"), &expected));
                }
                // With the component rust-src the compiler quotes more there.
                Ok(text) if text.contains("$RUST") => {
                    let fact = Fact::new("gate-stderr-std");
                    found.push(self.finding(Check::Files, fact, &expected));
                }
                Ok(_) => {}
            }
        }
        found
    }

    fn counts(&self) -> Vec<Finding> {
        let tests = self.kit.tests(self.exercise);
        let accepted = self.sources.with(|r| *r == Role::Accepted).count();
        let rejected = self.sources.with(|r| matches!(r, Role::Rejected(_))).count();
        let mut found = Vec::new();
        for (key, folder, count, least) in [
            ("gate-few-accepted", "accepted", accepted, LEAST_ACCEPTED),
            ("gate-few-rejected", "rejected", rejected, LEAST_REJECTED),
        ] {
            if count < least {
                let fact = Fact::new(key).with("count", count).with("least", least);
                found.push(self.finding(Check::Files, fact, &tests.join(folder)));
            }
        }
        found
    }

    /// What makes the exercise known to cargo, editors and trybuild.
    fn registered(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let name = &self.exercise.name;

        let main = self.kit.tests(self.exercise).join("main.rs");
        let wanted = templates::main(self.exercise);
        if let Ok(text) = fs::read_to_string(&main)
            && text.replace("\r\n", "\n") != wanted
        {
            let difference = first_difference(&text, &wanted);
            let fact = Fact::new("gate-main-differs");
            found.push(self.finding(Check::Files, fact, &main).line(difference));
        }

        let manifest = self.kit.root().join("Cargo.toml");
        if !has_target(&manifest, name) {
            let fact = Fact::new("gate-no-target").with("entry", templates::target(name));
            found.push(self.finding(Check::Files, fact, &manifest));
        }

        // A kit may do without the list; then its stubs come from git.
        let list = self.kit.root().join(stubs::LIST);
        let stub = fs::read(self.kit.stub(self.exercise));
        if let (Ok(lines), Ok(stub)) = (fs::read_to_string(&list), stub) {
            let wanted = stubs::line(self.exercise, &stub);
            if !lines.lines().any(|line| line == wanted.trim_end()) {
                let fact = Fact::new("gate-stub-not-listed").with("entry", wanted.trim_end());
                found.push(self.finding(Check::Files, fact, &list));
            }
        }

        let library = self.kit.root().join("solutions").join("lib.rs");
        let lines = fs::read_to_string(&library).unwrap_or_default().replace("\r\n", "\n");
        let module = templates::module(self.exercise);
        if !lines.contains(&module) {
            let fact = Fact::new("gate-no-module").with("entry", module.trim_end());
            found.push(self.finding(Check::Files, fact, &library));
        }
        found
    }

    fn unfinished(&self) -> Vec<Finding> {
        let tests = self.kit.tests(self.exercise);
        let mut files: Vec<PathBuf> = self.sources.answers.iter().map(|a| a.path.clone()).collect();
        files.extend(self.sources.cases.iter().cloned());
        files.extend([tests.join("visible.rs"), tests.join("hidden.rs")]);
        files.extend(super::words::all(self.kit, self.exercise).into_iter().map(|(_, path)| path));
        files.push(self.kit.lesson(self.exercise));

        let mut found = Vec::new();
        for path in files {
            let text = fs::read_to_string(&path).unwrap_or_default();
            let marked: Vec<u32> =
                (1..).zip(text.lines()).filter(|(_, l)| l.contains(MARK)).map(|(n, _)| n).collect();
            if let Some(first) = marked.first() {
                let fact =
                    Fact::new("gate-unfinished").with("mark", MARK).with("count", marked.len());
                found.push(self.finding(Check::Unfinished, fact, &path).line(Some(*first)));
            }
        }
        found
    }

    fn catalogue(&self) -> Vec<Finding> {
        let Exercise { name, seed, minutes, points, pitfalls, stub, .. } = self.exercise;
        let path = self.kit.root().join("exercises").join("catalogue.toml");
        let text = fs::read_to_string(&path).unwrap_or_default();
        let entry = format!("name = \"{name}\"");
        let line = (1..).zip(text.lines()).find(|(_, l)| l.trim() == entry).map(|(n, _)| n);
        let mut found = Vec::new();
        for (is_empty, field) in [
            (seed.is_empty(), "seed"),
            (*minutes == 0, "minutes"),
            (*points == 0, "points"),
            (pitfalls.is_empty(), "pitfalls"),
        ] {
            if is_empty {
                let fact = Fact::new("gate-catalogue-empty").with("field", field);
                found.push(self.finding(Check::Catalogue, fact, &path).line(line));
            }
        }
        if stub != "todo" && !pitfalls.contains(stub) {
            let fact = Fact::new("gate-catalogue-stub").with("stub", stub);
            found.push(self.finding(Check::Catalogue, fact, &path).line(line));
        }
        found
    }

    fn tests(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for (path, line, error) in &self.sources.unreadable {
            let fact = Fact::new("gate-tests-unreadable").with("error", error);
            found.push(self.finding(Check::Tests, fact, path).line(*line));
        }
        for file in &self.sources.tests {
            if file.tests.is_empty() {
                found.push(self.finding(Check::Tests, Fact::new("gate-no-tests"), &file.path));
            }
            for test in file.tests.iter().filter(|t| !t.is_one_run) {
                let fact = Fact::new("gate-not-one-run").with("test", &test.name);
                found.push(self.finding(Check::Tests, fact, &file.path).line(Some(test.line)));
            }
            for (line, id) in file.blamed.iter().filter(|(_, id)| pitfall::get(id).is_none()) {
                let fact = unknown_pitfall("gate-tests-unknown-pitfall", id);
                found.push(self.finding(Check::Tests, fact, &file.path).line(Some(*line)));
            }
        }
        for case in &self.sources.unmarked {
            found.push(self.finding(Check::Cases, Fact::new("gate-case-unmarked"), case));
        }
        for answer in &self.sources.answers {
            if let Role::Rejected(id) = &answer.role
                && pitfall::get(id).is_none()
            {
                let fact = unknown_pitfall("gate-rejected-unknown-pitfall", id);
                found.push(self.finding(Check::Rejected, fact, &answer.path));
            }
        }
        found
    }

    fn twins(&self) -> Vec<Finding> {
        let mut seen: BTreeMap<Vec<u8>, &Path> = BTreeMap::new();
        let mut found = Vec::new();
        for answer in &self.sources.answers {
            let Ok(bytes) = fs::read(&answer.path) else { continue };
            if let Some(first) = seen.get(&bytes) {
                let fact = Fact::new("gate-twins").with("other", self.kit.shown(first));
                found.push(self.finding(Check::Twins, fact, &answer.path));
            } else {
                seen.insert(bytes, &answer.path);
            }
        }
        found
    }

    /// A student has the stub, the lesson and the visible tests.
    fn leaks(&self) -> Vec<Finding> {
        let file = |module| self.sources.tests.iter().find(|t| t.module == module);
        let Some(hidden) = file("hidden") else { return Vec::new() };
        let visible = file("visible").map_or("", |f| &f.text);
        let names = hidden.tests.iter().map(|t| t.name.as_str());
        let lines = hidden.text.lines().map(str::trim).filter(|l| is_telling(l));
        let secrets: Vec<&str> = names.chain(lines).filter(|s| !visible.contains(s)).collect();

        let mut found = Vec::new();
        for path in [self.kit.stub(self.exercise), self.kit.lesson(self.exercise)] {
            let text = fs::read_to_string(&path).unwrap_or_default();
            for (number, line) in (1..).zip(text.lines()) {
                if let Some(secret) = secrets.iter().find(|s| line.contains(**s)) {
                    let fact = Fact::new("gate-leak").with("secret", secret);
                    found.push(self.finding(Check::Leak, fact, &path).line(Some(number)));
                }
            }
        }
        found
    }
}

fn is_telling(line: &str) -> bool {
    line.len() >= TELLING_LINE && !["//", "use ", "#["].iter().any(|start| line.starts_with(start))
}

fn unknown_pitfall(key: &str, id: &str) -> Fact {
    let similar = pitfall::similar_to(id).join(", ");
    Fact::new(key)
        .with("pitfall", id)
        .with("similar", if similar.is_empty() { "-" } else { &similar })
}

fn say(key: &str) -> &'static str {
    crate::text::word(key)
}

fn first_difference(text: &str, wanted: &str) -> Option<u32> {
    let same = text.lines().zip(wanted.lines()).take_while(|(a, b)| a == b).count();
    Some(same as u32 + 1)
}

/// The manifest has this exercise's own target, kept out of plain `cargo test`.
fn has_target(manifest: &Path, name: &str) -> bool {
    let text = fs::read_to_string(manifest).unwrap_or_default();
    let Ok(manifest) = text.parse::<DocumentMut>() else { return false };
    let wanted = format!("tests/{name}/main.rs");
    manifest.get("test").and_then(|t| t.as_array_of_tables()).is_some_and(|targets| {
        targets.iter().any(|t| {
            let is = |key, value| t.get(key).and_then(|v| v.as_str()) == Some(value);
            is("name", name)
                && is("path", &wanted)
                && t.get("test").and_then(|v| v.as_bool()) == Some(false)
        })
    })
}
