//! What must not be in an edition, and the search for it in every byte.

use std::collections::{BTreeSet, HashMap};
use std::fs;

use asynclings::kit::Kit;

use super::Files;

/// A line with less than this says nothing of where it comes from. In letters.
const TELLING: usize = 20;

/// What no student may see: answers, hidden tests, what rustc said of them.
pub fn is_secret(path: &str) -> bool {
    let of_tests = path.starts_with("tests/") && !path.starts_with("tests/kit/");
    let in_folder = |name: &str| path.split('/').nth(2) == Some(name);
    path.starts_with("solutions/") && path.ends_with(".rs")
        || of_tests
            && (path.ends_with("/hidden.rs")
                || path.ends_with(".stderr")
                || in_folder("rejected")
                || in_folder("accepted"))
}

/// What a student may see. A line of an answer that stands here as well tells
/// nothing.
pub fn is_open(path: &str) -> bool {
    let is_of_instructors = ["checker/src/gate", "checker/src/grading"];
    let is_source = ["exercises/", "checker/src/", "checker/record/src/", "tests/kit/src/"];
    let is_source = is_source.iter().any(|folder| path.starts_with(folder));
    let of_tests = path.starts_with("tests/") && path.ends_with(".rs") && !is_secret(path);
    (is_source || of_tests || path == "README.md")
        && !is_of_instructors.iter().any(|folder| path.starts_with(folder))
}

fn is_telling(line: &str) -> bool {
    line.chars().filter(|c| !c.is_whitespace()).count() >= TELLING
}

/// All lines of the secret files that say where they come from.
pub fn needles(secret: &Files, open: &str) -> BTreeSet<String> {
    let texts = secret.values().map(|bytes| String::from_utf8_lossy(bytes));
    let lines = texts.flat_map(|text| {
        text.lines().map(str::trim).map(str::to_owned).collect::<Vec<_>>().into_iter()
    });
    let telling: BTreeSet<String> = lines.filter(|line| is_telling(line)).collect();
    not_in(open, telling)
}

/// Names of hidden tests, what they demand, and the names of answers.
pub fn secret_names(kit: &Kit, open: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for exercise in kit.catalogue().exercises() {
        let functions = |file: &str| -> BTreeSet<String> {
            let text = fs::read_to_string(kit.tests(exercise).join(file)).unwrap();
            let tests = text.split("#[test]").skip(1);
            tests
                .map(|rest| rest.split_once("fn ").unwrap().1.split('(').next().unwrap().to_owned())
                .collect()
        };
        let (hidden, visible) = (functions("hidden.rs"), functions("visible.rs"));
        let text = kit.text(exercise).unwrap();
        for (test, demand) in &text.tests {
            if hidden.contains(test) && !visible.contains(test) {
                names.insert(demand.clone());
            }
        }
        names.extend(hidden.difference(&visible).cloned());
        for folder in ["accepted", "rejected"] {
            for entry in fs::read_dir(kit.tests(exercise).join(folder)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                names.insert(format!("{folder}/{name}"));
                // Others are pitfalls, which everybody may know.
                names.extend(name.contains("--").then(|| name.trim_end_matches(".rs").to_owned()));
            }
        }
    }
    // The texts of the full kit speak of hidden tests, so they say nothing here.
    not_in(open, names)
}

/// Where any of these stands, and what. Looks at every byte.
pub fn found(needles: &BTreeSet<String>, files: &Files) -> Vec<(String, String)> {
    let search = Search::new(needles);
    let mut found = Vec::new();
    for (path, bytes) in files {
        found.extend(search.within(bytes).into_iter().map(|needle| (path.clone(), needle.clone())));
    }
    found
}

/// Many needles at once, told apart by how they begin.
struct Search<'n>(HashMap<[u8; BEGIN], Vec<&'n String>>);

const BEGIN: usize = 6;

impl<'n> Search<'n> {
    fn new(needles: &'n BTreeSet<String>) -> Self {
        let mut search = HashMap::<_, Vec<_>>::new();
        for needle in needles {
            let begin = needle.as_bytes()[..BEGIN].try_into().expect("they are longer");
            search.entry(begin).or_default().push(needle);
        }
        Search(search)
    }

    fn within(&self, bytes: &[u8]) -> BTreeSet<&'n String> {
        let mut found = BTreeSet::new();
        for at in 0..bytes.len().saturating_sub(BEGIN - 1) {
            let begin: [u8; BEGIN] = bytes[at..at + BEGIN].try_into().expect("as many");
            let here = self.0.get(&begin).into_iter().flatten();
            found.extend(here.copied().filter(|n| bytes[at..].starts_with(n.as_bytes())));
        }
        found
    }
}

/// Those that stand nowhere in `open`.
fn not_in(open: &str, needles: BTreeSet<String>) -> BTreeSet<String> {
    let known: BTreeSet<String> =
        Search::new(&needles).within(open.as_bytes()).into_iter().cloned().collect();
    needles.difference(&known).cloned().collect()
}
