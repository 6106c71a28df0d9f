//! Every sentence that the program asks for stands in `checker.toml`, or in
//! `grading.toml` if it is for instructors, and every sentence there is asked
//! for.
#![cfg(feature = "learn")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Keys that are put together while the program runs begin with one of these.
const BUILT: [&str; 9] =
    ["cannot-", "count-", "doctor-", "gate-", "go-on-", "key-", "event-", "verdict-", "grade-"];

fn texts() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../exercises/text/en");
    let mut all = BTreeMap::new();
    for file in ["checker.toml", "grading.toml"] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let table: BTreeMap<String, String> = toml::from_str(&text).unwrap();
        for (key, sentence) in table {
            assert!(all.insert(key.clone(), sentence).is_none(), "{key} stands in both files");
        }
    }
    all
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// All that is asked for by these calls, with the file.
fn asked(folder: &str, calls: &[&str]) -> Vec<(String, PathBuf)> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut files);
    let mut asked = Vec::new();
    // Unit tests may ask for anything.
    for file in files.iter().filter(|f| !f.iter().any(|part| part == "tests")) {
        let text = fs::read_to_string(file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for call in calls {
            for rest in text.split(call).skip(1) {
                let rest = rest.trim_start();
                let key = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
                asked.extend(key.map(|key| (key.to_owned(), file.clone())));
            }
        }
    }
    asked
}

#[test]
fn no_sentence_is_missing() {
    let texts = texts();
    let calls = ["say(", "word(", "Problem::new("];
    let grading = [&calls[..], &["Fact::new("]].concat();
    let folders = [("src/commands", &calls[..]), ("src/watch", &calls), ("src/grading", &grading)];
    for (folder, calls) in folders {
        for (key, file) in asked(folder, calls) {
            assert!(texts.contains_key(&key), "{key}, asked for in {}", file.display());
        }
    }
}

#[test]
fn sentences_that_are_put_together_are_all_there() {
    let texts = texts();
    for how in ["commands", "keys", "saving"] {
        for what in ["next", "mend", "again", "start", "edit", "compile"] {
            assert!(texts.contains_key(&format!("go-on-{what}-{how}")), "{what} {how}");
        }
    }
    for (fact, file) in asked("src/commands/doctor", &["Fact::new(", "fact("]) {
        assert!(texts.contains_key(&fact), "{fact}, in {}", file.display());
    }
    for (part, file) in asked("src/commands/doctor", &["ok(", "warn(", "fail("]) {
        assert!(texts.contains_key(&format!("doctor-{part}")), "{part}, in {}", file.display());
    }
}

#[test]
fn no_sentence_is_left_over() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let all: String = files.iter().map(|f| fs::read_to_string(f).unwrap()).collect();
    let built = |key: &str| BUILT.iter().any(|b| key.starts_with(b));
    let left: Vec<String> = texts()
        .into_keys()
        .filter(|key| !built(key) && !all.contains(&format!("\"{key}\"")))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
