//! Events of one run, and the record that holds them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Diagnosis;

/// Version of the record's format. A reader refuses a newer one.
pub const VERSION: u32 = 1;

/// What happened to a future, a task or a labelled piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Work with this label came into being.
    Created,
    /// `poll` was called.
    Polled,
    /// `poll` returned `Pending`.
    Pending,
    /// Its waker was called.
    Woken,
    /// `poll` returned `Ready`, or a span was finished.
    Ready,
    /// Dropped after it was done.
    Dropped,
    /// Dropped before it was done.
    Cancelled,
    /// A line in a log, or something the test itself did; the label says what.
    Note,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Virtual time since the run began, in microseconds.
    pub at_us: u64,
    /// Who: the name given to the future or span, or the text of a note.
    pub label: String,
    /// What.
    pub kind: Kind,
}

impl Event {
    /// Virtual time since the run began.
    pub fn at(&self) -> Duration {
        Duration::from_micros(self.at_us)
    }
}

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its last check was reached and held.
    Passed,
    /// It panicked, with or without a diagnosis.
    Failed,
}

/// A panic that no check of the kit raised: `todo!()`, an index out of
/// bounds, a plain `assert!`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panic {
    /// The panic's message.
    pub message: String,
    /// `file:line:column`, if known.
    pub location: Option<String>,
}

impl Panic {
    /// `todo!()` or `unimplemented!()`: the learner has not come here yet.
    pub fn is_todo(&self) -> bool {
        self.message.starts_with("not yet implemented")
            || self.message.starts_with("not implemented")
    }
}

/// Everything one test left behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// [`VERSION`] of the program that wrote it.
    pub version: u32,
    /// The test, as libtest names it: `hidden::keeps_input_order`.
    pub test: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed, if a check of the kit said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<Diagnosis>,
    /// Why it failed, if something else panicked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panic: Option<Panic>,
    /// Virtual time at the end of the run, in microseconds.
    pub end_us: u64,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Events beyond the kit's limit, which were counted but not kept.
    #[serde(default)]
    pub omitted: u64,
}

impl Record {
    /// Reads a record that the kit wrote.
    ///
    /// # Errors
    /// The text is not JSON of this shape, or a newer version wrote it.
    pub fn parse(json: &str) -> Result<Self, String> {
        let record: Record = serde_json::from_str(json).map_err(|e| e.to_string())?;
        if record.version > VERSION {
            return Err(format!("record version {} is newer than {VERSION}", record.version));
        }
        Ok(record)
    }

    /// The record as one line of JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a record holds nothing that JSON cannot")
    }
}
