//! What the parts of grading hand to each other.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use record::Fact;
use serde::{Deserialize, Serialize};

use crate::verdict::Verdict;

/// One line of a roster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Student {
    /// What everything else goes by: the roster's `id`, or without a roster
    /// the name of the submission.
    pub id: String,
    /// As it is written in a mark sheet.
    pub name: Option<String>,
    /// The name with which the student logs in.
    pub login: Option<String>,
    /// Where feedback may be sent.
    pub email: Option<String>,
    /// The group or section.
    pub section: Option<String>,
    /// The roster's other columns, by their names: ids in Canvas or Moodle,
    /// say. Exports that know such a column use it.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
}

/// What one student handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// [`Student::id`].
    pub student: String,
    /// The folder or archive that it came from.
    pub source: PathBuf,
    /// The student edition that it was made from, if it says so.
    pub edition: Option<String>,
    /// When it was handed in, if anything says so.
    pub submitted: Option<Timestamp>,
    /// By the exercise's name. What is missing was not handed in.
    pub answers: BTreeMap<String, Answer>,
    /// What was found and not taken, or taken with a doubt, in sentences of
    /// `grading.toml`: a link, a device, two files for one exercise.
    pub notes: Vec<Fact>,
}

/// One exercise file of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is taken as it is.
    Taken {
        /// Its path within the submission.
        place: String,
        /// What is in it: at most as much as the limit allows, not
        /// necessarily UTF-8.
        content: Vec<u8>,
    },
    /// There is something by that name which will not be compiled: not a
    /// regular file, too large. Why, in a sentence of `grading.toml`.
    Refused(Fact),
}

/// How one exercise of one student stands: what the store holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// [`Student::id`].
    pub student: String,
    /// The exercise's name.
    pub exercise: String,
    /// When it was handed in.
    pub submitted: Option<Timestamp>,
    /// The student edition that it was made from.
    pub edition: Option<String>,
    /// What became of it.
    pub outcome: AttemptOutcome,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq)]
pub enum AttemptOutcome {
    /// It was checked.
    Checked(Arc<Verdict>),
    /// It was not compiled, and why.
    Refused(Fact),
    /// There was no such file in the submission.
    Missing,
    /// Its turn has not come yet.
    Waiting,
}

/// What an attempt is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Points after everything.
    pub points: f64,
    /// Points that a right answer in time gets.
    pub max: f64,
    /// Points before the penalty for being late.
    pub earned: f64,
    /// How late it was, in whole seconds; none if it was in time or there is
    /// no due date.
    pub late_seconds: Option<u64>,
    /// Why it is not all of `max`, or was spared a penalty: sentences of
    /// `grading.toml`.
    pub reasons: Vec<Fact>,
}

/// All marks of a course: what exports and feedback are made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradebook {
    /// The course's name.
    pub title: String,
    /// The graded exercises in the order of the catalogue.
    pub exercises: Vec<GradedExercise>,
    /// In the order of the roster, then those whom it does not name, by id.
    pub students: Vec<GradedStudent>,
    /// Layers of the sandbox that were missing in some run: to be said loudly.
    pub unsandboxed: Vec<String>,
}

/// A column of the gradebook.
#[derive(Clone, Debug, PartialEq)]
pub struct GradedExercise {
    /// Its name for ever.
    pub name: String,
    /// Its title in the reader's language.
    pub title: String,
    /// Points that a right answer gets.
    pub max: f64,
}

/// A row of the gradebook.
#[derive(Clone, Debug, PartialEq)]
pub struct GradedStudent {
    /// Who.
    pub student: Student,
    /// When it was handed in.
    pub submitted: Option<Timestamp>,
    /// What was noticed about the submission as a whole.
    pub notes: Vec<Fact>,
    /// One for each of [`Gradebook::exercises`], in their order.
    pub entries: Vec<Entry>,
}

impl GradedStudent {
    /// Points of all exercises together.
    pub fn points(&self) -> f64 {
        self.entries.iter().map(|e| e.mark.points).sum()
    }
}

/// One cell of the gradebook.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What became of the answer.
    pub attempt: Attempt,
    /// What it is worth.
    pub mark: Mark,
}
