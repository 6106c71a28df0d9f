//! What the gate found, as data: what `--json` prints and the table shows.

use std::path::Path;

use record::Fact;
use serde::Serialize;

use crate::kit::Kit;
use crate::text;
use crate::verdict::Build;

/// Version of the report's JSON. It grows when a field changes its meaning
/// or goes away; a new field alone does not change it.
pub const VERSION: u32 = 1;

/// One thing that the gate looks at, in the order in which an author meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// Every file is there, and registered where it must be.
    Files,
    /// Nothing is left of what `new` wrote for an author to fill in.
    Unfinished,
    /// The entry in the catalogue says something.
    Catalogue,
    /// The text has a sentence for every test, and none too many.
    Text,
    /// The chapter's lesson is there and of a readable length.
    Lesson,
    /// Every test is one call of the kit, and names pitfalls that there are.
    Tests,
    /// No two answers are the same file.
    Twins,
    /// Nothing of the hidden tests stands where a student reads.
    Leak,
    /// The stub is refused for the reason in the catalogue, by every test.
    Stub,
    /// The reference answer passes.
    Solution,
    /// rustfmt would change nothing.
    Format,
    /// clippy has nothing to say of the reference answer.
    Clippy,
    /// Right answers of other kinds pass.
    Accepted,
    /// Wrong answers are refused with the pitfall of their file name.
    Rejected,
    /// Some rejected answer shows each pitfall of the catalogue.
    Uncaught,
    /// The compile-fail cases hold against every right answer.
    Cases,
    /// The tests say the same however often they run.
    Steady,
    /// Every test leaves a record.
    Records,
    /// Both builds have the same tests.
    Builds,
}

impl Check {
    /// As it is printed, and as it stands in the JSON.
    pub fn name(self) -> String {
        let name = serde_json::to_value(self).expect("a name of an enum is a string");
        name.as_str().unwrap_or_default().to_owned()
    }
}

/// Whether a finding keeps the exercise out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// The exercise is not done.
    Refuses,
    /// It would be better without.
    Advises,
}

/// One thing to mend, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which check found it.
    pub check: Check,
    /// Whether it keeps the exercise out.
    pub weight: Weight,
    /// The file to look at, as written from the kit's root.
    pub path: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u32>,
    /// The build in which it was seen; None where it was every one that ran.
    pub build: Option<Build>,
    /// Key of the sentence in `checker.toml`.
    pub key: String,
    /// The sentence.
    pub says: String,
    /// What else helps: a test's card, a compiler's message, a difference.
    pub detail: Option<String>,
}

impl Finding {
    /// A finding that refuses.
    pub fn new(check: Check, fact: Fact) -> Self {
        Finding {
            check,
            weight: Weight::Refuses,
            path: None,
            line: None,
            build: None,
            says: text::say_fact(&fact),
            key: fact.key,
            detail: None,
        }
    }

    /// It only advises.
    #[must_use]
    pub fn advice(mut self) -> Self {
        self.weight = Weight::Advises;
        self
    }

    /// Its file.
    #[must_use]
    pub fn at(mut self, kit: &Kit, path: &Path) -> Self {
        // Slashes everywhere: reports are compared between systems.
        self.path = Some(kit.shown(path).to_string().replace('\\', "/"));
        self
    }

    /// Its line, from 1.
    #[must_use]
    pub fn line(mut self, line: Option<u32>) -> Self {
        self.line = line;
        self
    }

    /// The build in which it was seen.
    #[must_use]
    pub fn in_build(mut self, build: Build) -> Self {
        self.build = Some(build);
        self
    }

    /// What else helps; nothing if it is blank.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        self.detail = (!detail.trim().is_empty()).then(|| detail.trim_end().to_owned());
        self
    }

    /// `path:line`, as far as it is known.
    pub fn place(&self) -> String {
        let path = self.path.as_deref().unwrap_or_default();
        self.line.map_or(path.to_owned(), |line| format!("{path}:{line}"))
    }
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// As they should be.
    pub good: usize,
    /// All there are.
    pub all: usize,
}

impl Score {
    /// Counts one.
    pub fn count(&mut self, good: bool) {
        self.good += usize::from(good);
        self.all += 1;
    }

    /// Nothing is missing.
    pub fn is_full(self) -> bool {
        self.good == self.all
    }
}

/// How one exercise stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExerciseReport {
    /// Its name.
    pub exercise: String,
    /// Nothing refuses it.
    pub ready: bool,
    /// The stub is refused as it should be; None if it was not checked.
    pub stub: Option<bool>,
    /// The solution passes; None if it was not checked.
    pub solution: Option<bool>,
    /// Accepted answers that pass.
    pub accepted: Score,
    /// Rejected answers that are refused with their pitfall.
    pub rejected: Score,
    /// Compile-fail cases that hold against every right answer.
    pub cases: Score,
    /// Pitfalls of the catalogue that some rejected answer shows.
    pub pitfalls: Score,
    /// Both builds agree; None unless both ran.
    pub builds: Option<bool>,
    /// What to mend, by check.
    pub findings: Vec<Finding>,
}

impl ExerciseReport {
    /// How many findings keep it out.
    pub fn refusals(&self) -> usize {
        self.findings.iter().filter(|f| f.weight == Weight::Refuses).count()
    }
}

/// What `verify` has to say.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// [`VERSION`] of the program that wrote it.
    pub version: u32,
    /// Every exercise is ready.
    pub ready: bool,
    /// How many answers were checked, each build for itself.
    pub checks: usize,
    /// How many of those were known from earlier.
    pub cached: usize,
    /// Wall time in milliseconds.
    pub millis: u64,
    /// The reference answers ran in the sandbox, in the grader's build.
    pub confined: bool,
    /// The exercises, in the order of learning.
    pub exercises: Vec<ExerciseReport>,
}
