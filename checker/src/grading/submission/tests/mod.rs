mod archives;
mod folders;
mod hostile;
mod students;
mod tars;
mod when;
mod zips;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use record::Fact;
use tempfile::TempDir;

use super::*;
use crate::grading::model::{Answer, Submission};
use crate::grading::roster::Roster;
use crate::kit::Kit;
use crate::text::{say_fact, word};

/// A kit with the exercises `one`, `two` (in `01_first`) and `gather_fetch`
/// (in `03_third`), and a folder of submissions.
struct Course {
    kit: Kit,
    folder: TempDir,
    limits: Limits,
    roster: Option<Roster>,
    _kit: TempDir,
}

impl Course {
    fn new() -> Self {
        let (_kit, kit) = crate::kit::tests::sample();
        let folder = tempfile::tempdir().unwrap();
        Course { kit, folder, limits: Limits::default(), roster: None, _kit }
    }

    fn with_roster(mut self, text: &str) -> Self {
        self.roster = Some(Roster::parse(text.as_bytes(), Path::new("roster.csv")).unwrap());
        self
    }

    fn with_limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Sets when a file was last changed.
    fn set_time(&self, path: &str, time: &str) -> &Self {
        let time: Timestamp = time.parse().unwrap();
        let seconds = Duration::from_secs(time.as_second().unsigned_abs());
        let time = match time.as_second() {
            0.. => SystemTime::UNIX_EPOCH + seconds,
            _ => SystemTime::UNIX_EPOCH - seconds,
        };
        File::options().write(true).open(self.path(path)).unwrap().set_modified(time).unwrap();
        self
    }

    fn batch(&self) -> Batch<'_> {
        Batch::open(self.folder.path(), &self.kit, self.roster.as_ref(), self.limits)
            .unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// Everything, in order.
    fn all(&self) -> Vec<Submission> {
        let batch = self.batch();
        for (_, notes) in batch.notes() {
            notes.iter().for_each(|fact| drop(told(fact)));
        }
        batch.sources().iter().map(|source| checked(batch.read(source))).collect()
    }

    /// The only submission.
    fn only(&self) -> Submission {
        let mut all = self.all();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }
}

/// Every sentence about it is there, and whole.
fn checked(submission: Submission) -> Submission {
    submission.notes.iter().for_each(|fact| drop(told(fact)));
    for answer in submission.answers.values() {
        if let Answer::Refused(fact) = answer {
            told(fact);
        }
    }
    submission
}

/// The fact's sentence.
fn told(fact: &Fact) -> String {
    let sentence = say_fact(fact);
    assert!(!sentence.starts_with(&fact.key), "no sentence for {}", fact.key);
    for blank in word(&fact.key).split('{').skip(1).filter_map(|s| s.split_once('}')) {
        assert!(fact.args.contains_key(blank.0), "{}: {{{}}}", fact.key, blank.0);
    }
    assert!(!sentence.contains(|c: char| c.is_control()), "{sentence:?}");
    sentence
}

/// Each answer: `place = content`, or why not.
fn answers(submission: &Submission) -> BTreeMap<&str, String> {
    let answer = |answer: &Answer| match answer {
        Answer::Taken { place, content } => {
            format!("{place} = {}", String::from_utf8_lossy(content))
        }
        Answer::Refused(fact) => told(fact),
    };
    submission.answers.iter().map(|(name, a)| (name.as_str(), answer(a))).collect()
}

/// The keys of what is said about it.
fn notes(submission: &Submission) -> Vec<&str> {
    submission.notes.iter().map(|fact| fact.key.as_str()).collect()
}

/// Why this exercise is refused: the sentence's key.
fn refusal<'a>(submission: &'a Submission, exercise: &str) -> &'a str {
    match submission.answers.get(exercise) {
        Some(Answer::Refused(fact)) => &fact.key,
        other => panic!("{exercise}: {other:?}"),
    }
}
