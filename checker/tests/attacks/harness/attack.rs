//! An attack, as its file tells it.

use std::fs;
use std::path::Path;

use super::made;

/// An answer that attacks, and what must come of it.
pub struct Attack {
    /// The file's name without `.rs`.
    pub name: String,
    /// The exercise that it pretends to answer.
    pub exercise: String,
    /// What it tries, in a sentence.
    pub tries: String,
    /// What must happen, in a sentence.
    pub must: String,
    /// Statuses that are right, as JSON has them.
    pub verdict: Vec<String>,
    /// The key of a sentence that must be told.
    pub says: Option<String>,
    /// The only crates that it may use; None for the usual ones.
    pub crates: Option<Vec<String>>,
    /// The only test in which it attacks, and how that may end, as JSON has it.
    /// In all it would burn the time of all, and show no more.
    pub within: Option<(String, Vec<String>)>,
    /// The solution of another exercise must pass at the same time.
    pub beside_solution: bool,
    /// The answer itself.
    pub content: Vec<u8>,
}

impl Attack {
    /// All of them: those in files, and those that no file should hold.
    pub fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks");
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        let written = files.iter().filter(|f| f.extension().is_some_and(|e| e == "rs"));
        let written = written.map(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap();
            Attack::new(name, fs::read(file).unwrap())
        });
        written.chain(made::all()).collect()
    }

    /// An attack with its first lines in front, each `//! word: …`.
    pub fn new(name: &str, content: Vec<u8>) -> Self {
        let text = String::from_utf8_lossy(&content).into_owned();
        let find = |word: &str| {
            let mark = format!("//! {word}: ");
            text.lines().find_map(|line| line.strip_prefix(&mark)).map(str::to_owned)
        };
        let must =
            |word: &str| find(word).unwrap_or_else(|| panic!("{name} does not say `{word}`"));
        let words = |line: &str| line.split('|').map(str::to_owned).collect::<Vec<_>>();
        Attack {
            exercise: must("exercise"),
            tries: must("tries"),
            must: must("must"),
            verdict: words(&must("verdict")),
            says: find("says"),
            crates: find("crates").map(|c| c.split(' ').map(str::to_owned).collect()),
            within: find("in").map(|test| (test, words(&must("there")))),
            beside_solution: find("beside").is_some_and(|beside| beside == "a solution passes"),
            name: name.to_owned(),
            content,
        }
    }

    /// Whether it is right that its tests end only when their time is up.
    pub fn may_hang(&self) -> bool {
        self.verdict.iter().any(|status| status == "hung")
    }

    /// The same with the names of places outside, and of its test, filled in.
    pub fn aimed(&self, places: &[(&str, String)]) -> Vec<u8> {
        let Ok(text) = String::from_utf8(self.content.clone()) else { return self.content.clone() };
        let fill = |text: String, (blank, place): &(&str, String)| text.replace(blank, place);
        let text = places.iter().fold(text, fill);
        match &self.within {
            Some((test, _)) => text.replace("@IN@", test).into_bytes(),
            None => text.into_bytes(),
        }
    }
}
