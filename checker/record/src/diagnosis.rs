//! Why a test failed, as data.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::{Deserialize, Serialize};

/// Why a test failed: the pitfall, and the facts that showed it.
///
/// Holds no sentence: `key`s are looked up in the text of the reader's
/// language when the diagnosis is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Id of the pitfall, such as `sequential-awaits`. None when the answer is
    /// wrong in a way that has no name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pitfall: Option<String>,
    /// What was observed, most telling first.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// For timelines: how long the run should have taken, in microseconds of
    /// virtual time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_us: Option<u64>,
    /// `file:line` of the check that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

/// One observation: a key into the kit's text, and what fills its blanks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Key of the sentence, such as `took-too-long`.
    pub key: String,
    /// Values for the `{names}` in that sentence.
    #[serde(default)]
    pub args: BTreeMap<String, String>,
}

impl Fact {
    /// A fact with no blanks filled yet.
    pub fn new(key: &str) -> Self {
        Fact { key: key.to_owned(), args: BTreeMap::new() }
    }

    /// Fills one blank.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }
}
