//! Where the learner stands: `.asynclings/progress.json`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::problem::Result;

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
        self.update(|_| {})
    }

    /// Changes the progress, whatever other programs do at the same time:
    /// reads it, lets `change` change it, writes it if it is different.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn update(&self, change: impl FnOnce(&mut Progress)) -> Result<Loaded> {
        let _ = (&self.folder, change);
        todo!("the engine is being written")
    }
}
