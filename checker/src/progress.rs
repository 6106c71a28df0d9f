//! Where the learner stands: `.asynclings/progress.json`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::cancel::Cancel;
use crate::problem::{Problem, Result};
use crate::verdict::{Status, Verdict};
use crate::{disk, text};

/// Version of the file's format. A newer one is set aside, not read.
pub const VERSION: u32 = 1;

/// All that is remembered, by name of exercise: order and number of the
/// exercises may change, and names that this kit does not know are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// [`VERSION`] of the program that wrote it.
    pub version: u32,
    /// The exercise that the learner is at.
    #[serde(default)]
    pub current: Option<String>,
    /// What is known of each exercise that was ever begun.
    #[serde(default)]
    pub exercises: BTreeMap<String, Standing>,
}

impl Default for Progress {
    fn default() -> Self {
        Progress { version: VERSION, current: None, exercises: BTreeMap::new() }
    }
}

/// How an exercise stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not done yet.
    #[default]
    Open,
    /// Done.
    Passed,
    /// The learner asked for the solution before it was done.
    GaveUp,
}

/// What is remembered of one exercise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// How it stands.
    #[serde(default)]
    pub state: State,
    /// How many tiers of hints were shown.
    #[serde(default)]
    pub hints: u32,
    /// How many different answers were checked.
    #[serde(default)]
    pub attempts: u32,
    /// When it first passed, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_passed: Option<u64>,
}

impl Progress {
    /// What is known of this exercise; nothing is remembered as nothing done.
    pub fn of(&self, name: &str) -> Standing {
        self.exercises.get(name).cloned().unwrap_or_default()
    }

    /// The entry of this exercise, to change it.
    pub fn entry(&mut self, name: &str) -> &mut Standing {
        self.exercises.entry(name.to_owned()).or_default()
    }

    /// Takes a verdict in. `again` says that the learner only asked for
    /// another run of the same answer: that is no further attempt, nor is a
    /// verdict from the cache. An untouched stub leaves no trace, and who gave
    /// up and then wrote an answer of their own has passed.
    pub fn enter(&mut self, verdict: &Verdict, again: bool) {
        let says_nothing = matches!(verdict.status, Status::Cancelled | Status::Internal);
        let name = &verdict.exercise;
        if says_nothing || (verdict.untouched && !self.exercises.contains_key(name)) {
            return;
        }
        let entry = self.entry(name);
        if !(verdict.cached || verdict.untouched || again) {
            entry.attempts += 1;
        }
        if verdict.status.is_passed() {
            entry.state = State::Passed;
            entry.first_passed.get_or_insert_with(now);
        }
    }

    /// Whether this exercise has passed.
    pub fn is_passed(&self, name: &str) -> bool {
        self.exercises.get(name).is_some_and(|s| s.state == State::Passed)
    }
}

/// The file, its backup and its lock.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

/// What was read, and what a person should be told about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The progress.
    pub progress: Progress,
    /// A sentence, if the file was damaged or of a newer version: where it was
    /// put aside, and what is used instead.
    pub notice: Option<String>,
}

impl Store {
    /// The progress of the kit at `root`.
    pub fn new(root: &Path) -> Self {
        Store { folder: root.join(".asynclings") }
    }

    /// Reads the progress. A damaged file is set aside and rebuilt from the
    /// backup, or from nothing.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn load(&self) -> Result<Loaded> {
        // Nobody ever sees half a file, so a good one needs no lock.
        match read(&self.file()) {
            Found::Good(progress) => Ok(Loaded { progress, notice: None }),
            Found::Nothing if !self.backup().exists() => {
                Ok(Loaded { progress: Progress::default(), notice: None })
            }
            _ => self.update(|_| {}),
        }
    }

    /// Changes the progress, whatever other programs do at the same time:
    /// reads it, lets `change` change it, writes it if it is different.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn update(&self, change: impl FnOnce(&mut Progress)) -> Result<Loaded> {
        let _locked = self.lock()?;
        let Loaded { mut progress, notice } = self.read_or_rebuild()?;
        let before = progress.clone();
        change(&mut progress);
        progress.version = VERSION;
        if progress != before {
            self.write(&progress)?;
        }
        Ok(Loaded { progress, notice })
    }

    fn read_or_rebuild(&self) -> Result<Loaded> {
        let file = self.file();
        let key = match read(&file) {
            Found::Good(progress) => return Ok(Loaded { progress, notice: None }),
            Found::Unreadable(error) => return Err(Problem::io("read", &file, &error)),
            Found::Nothing => "progress-lost",
            Found::Damaged => "progress-damaged",
            Found::Newer => "progress-newer",
        };
        let aside = match key {
            "progress-lost" => None,
            _ => Some(self.set_aside(&file)?),
        };
        let (progress, instead) = match read(&self.backup()) {
            Found::Good(progress) => (progress, "progress-from-backup"),
            _ if aside.is_none() => {
                return Ok(Loaded { progress: Progress::default(), notice: None });
            }
            _ => (Progress::default(), "progress-from-nothing"),
        };
        self.write(&progress)?;
        let notice = Problem::new(key)
            .with("path", file.display())
            .with("aside", aside.as_deref().unwrap_or(&file).display())
            .with("instead", text::word(instead));
        Ok(Loaded { progress, notice: Some(notice.to_string()) })
    }

    /// Gives a file that cannot be used a name under which nothing overwrites
    /// it.
    fn set_aside(&self, file: &Path) -> Result<PathBuf> {
        let now = now();
        let names = (0..).map(|n| match n {
            0 => format!("progress.damaged-{now}.json"),
            n => format!("progress.damaged-{now}-{n}.json"),
        });
        let aside = names.map(|name| self.folder.join(name)).find(|path| !path.exists());
        let aside = aside.unwrap_or_else(|| self.folder.join("progress.damaged.json"));
        fs::rename(file, &aside).map_err(|e| Problem::io("write", &aside, &e))?;
        Ok(aside)
    }

    /// Writes the progress; what was there before becomes the backup.
    fn write(&self, progress: &Progress) -> Result<()> {
        let (file, backup) = (self.file(), self.backup());
        if let Found::Good(_) = read(&file) {
            let old = fs::read(&file).map_err(|e| Problem::io("read", &file, &e))?;
            disk::write_whole(&backup, &old, true)
                .map_err(|e| Problem::io("write", &backup, &e))?;
        }
        let mut json = serde_json::to_vec_pretty(progress)
            .map_err(|e| Problem::new("checker-broke").with("error", e))?;
        json.push(b'\n');
        disk::write_whole(&file, &json, true).map_err(|e| Problem::io("write", &file, &e))
    }

    /// Waits until no other program changes the progress.
    fn lock(&self) -> Result<File> {
        disk::lock(&self.folder.join("progress.lock"), &Cancel::new())
    }

    fn file(&self) -> PathBuf {
        self.folder.join("progress.json")
    }

    fn backup(&self) -> PathBuf {
        self.folder.join("progress.json.bak")
    }
}

enum Found {
    Good(Progress),
    Nothing,
    Damaged,
    Newer,
    Unreadable(io::Error),
}

/// Only the version, which every version has.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

fn read(path: &Path) -> Found {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Found::Nothing,
        Err(error) => return Found::Unreadable(error),
    };
    match serde_json::from_slice::<Head>(&bytes) {
        Ok(head) if head.version > VERSION => return Found::Newer,
        Ok(_) => {}
        Err(_) => return Found::Damaged,
    }
    serde_json::from_slice(&bytes).map_or(Found::Damaged, Found::Good)
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::tests::{passed, with_status};

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        (folder, store)
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A store that was changed twice, so that there is a backup.
    fn used() -> (tempfile::TempDir, Store) {
        let (folder, store) = store();
        store.update(|p| p.enter(&passed(), false)).unwrap();
        store.update(|p| p.entry("kitchen").attempts = 1).unwrap();
        (folder, store)
    }

    #[test]
    fn nothing_done_is_nothing_written() {
        let (_folder, store) = store();
        let loaded = store.load().unwrap();
        assert_eq!(loaded, Loaded { progress: Progress::default(), notice: None });
        assert!(!store.file().exists());
    }

    #[test]
    fn what_was_done_is_remembered() {
        let (_folder, store) = used();
        let progress = store.load().unwrap().progress;
        assert!(progress.is_passed("slot") && !progress.is_passed("kitchen"));
        assert_eq!(progress.of("kitchen").attempts, 1);
        assert!(progress.of("slot").first_passed.is_some());
        assert_eq!(progress.of("never begun"), Standing::default());
    }

    #[test]
    fn who_gave_up_may_still_pass_and_a_pass_stays() {
        let mut progress = Progress::default();
        progress.entry("slot").state = State::GaveUp;
        progress.enter(&passed(), false);
        progress.enter(&with_status(Status::Failed), false);
        assert!(progress.is_passed("slot"));
        assert_eq!(progress.of("slot").attempts, 2);
    }

    #[test]
    fn only_new_answers_are_attempts() {
        let mut progress = Progress::default();
        progress.enter(&Verdict { untouched: true, ..with_status(Status::NotStarted) }, false);
        progress.enter(&with_status(Status::Internal), false);
        assert_eq!(progress, Progress::default(), "nothing was begun");
        progress.enter(&with_status(Status::Failed), false);
        progress.enter(&with_status(Status::Failed), true);
        progress.enter(&Verdict { cached: true, ..passed() }, false);
        assert_eq!(progress.of("slot").attempts, 1);
        assert!(progress.is_passed("slot"));
    }

    #[test]
    fn a_damaged_file_is_put_aside_and_the_backup_used() {
        for damage in ["", "{", "null", "{\"exercises\": 3}", "\u{0}\u{0}"] {
            let (folder, store) = used();
            fs::write(store.file(), damage).unwrap();
            let loaded = store.load().unwrap();
            let notice = loaded.notice.expect("it must be said");
            assert!(notice.contains("backup") && notice.contains("progress.damaged-"), "{notice}");
            assert!(loaded.progress.is_passed("slot"), "the state before the last change");
            let aside = names(&folder.path().join(".asynclings"));
            let aside = aside.iter().find(|n| n.starts_with("progress.damaged-")).unwrap();
            let kept = fs::read_to_string(folder.path().join(".asynclings").join(aside)).unwrap();
            assert_eq!(kept, damage);
            assert_eq!(store.load().unwrap().notice, None, "said once");
        }
    }

    #[test]
    fn without_a_backup_it_starts_anew() {
        let (_folder, store) = used();
        fs::write(store.file(), "{").unwrap();
        fs::write(store.backup(), "{").unwrap();
        let loaded = store.load().unwrap();
        assert_eq!(loaded.progress, Progress::default());
        assert!(loaded.notice.unwrap().contains("no backup"));
    }

    #[test]
    fn a_lost_file_comes_back_from_the_backup() {
        let (_folder, store) = used();
        fs::remove_file(store.file()).unwrap();
        let loaded = store.load().unwrap();
        assert!(loaded.progress.is_passed("slot") && loaded.notice.is_some());
    }

    #[test]
    fn a_newer_version_is_not_read_and_not_lost() {
        let (folder, store) = used();
        fs::write(store.file(), "{\"version\": 99, \"something\": {\"new\": 1}}").unwrap();
        let notice = store.load().unwrap().notice.unwrap();
        assert!(notice.contains("newer version"), "{notice}");
        let all = names(&folder.path().join(".asynclings"));
        assert!(all.iter().any(|n| n.starts_with("progress.damaged-")), "{all:?}");
    }

    #[test]
    fn names_that_this_kit_does_not_know_are_kept() {
        let (_folder, store) = used();
        let old = fs::read_to_string(store.file()).unwrap();
        fs::write(store.file(), old.replace("\"slot\"", "\"from_the_future\"")).unwrap();
        store.update(|p| p.current = Some("kitchen".into())).unwrap();
        assert!(store.load().unwrap().progress.is_passed("from_the_future"));
    }

    #[test]
    fn two_programs_lose_nothing_of_each_other() {
        const EACH: u32 = 25;
        let (_folder, store) = store();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                // Locks of one file opened twice keep threads apart as they
                // keep programs apart.
                let store = store.clone();
                scope.spawn(move || {
                    for _ in 0..EACH {
                        store.update(|p| p.entry("slot").attempts += 1).unwrap();
                    }
                });
            }
        });
        assert_eq!(store.load().unwrap().progress.of("slot").attempts, 2 * EACH);
    }
}
