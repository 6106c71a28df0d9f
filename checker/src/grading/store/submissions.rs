//! What students handed in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;
use record::Fact;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::answers::{AnswerRow, answer_hash, keep_content};
use super::attempts::{AttemptRow, What};
use super::pack::{json, of_json};
use super::trouble::Trouble;
use super::{Store, students};
use crate::grading::model::{Answer, Submission};
use crate::hash::Key;
use crate::problem::Result;

/// What came of [`Store::put_submission`], in numbers of exercises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Put {
    /// There is another answer than before, or one for the first time.
    pub new: usize,
    /// The answer was known.
    pub unchanged: usize,
}

/// A submission as a whole, without its answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedIn {
    /// [`Student::id`](crate::grading::model::Student::id).
    pub student: String,
    /// The folder or archive that it came from, as this machine saw it.
    pub source: PathBuf,
    /// The student edition that it was made from, if it says so.
    pub edition: Option<String>,
    /// When it was handed in, if anything says so.
    pub submitted: Option<Timestamp>,
    /// [`Submission::notes`].
    pub notes: Vec<Fact>,
}

impl Store {
    /// Keeps a submission, and an attempt for each of `exercises`: taken,
    /// refused or missing. Exercises that are not asked for stay as they were.
    ///
    /// Content that is there already changes nothing. It was handed in at the
    /// earliest time that anybody says: to copy it once more makes nobody late.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn put_submission(
        &self,
        submission: &Submission,
        exercises: &[impl AsRef<str>],
    ) -> Result<Put> {
        let exercises: BTreeSet<&str> = exercises.iter().map(AsRef::as_ref).collect();
        // Hashing and compressing need not keep other threads waiting.
        let hashes: BTreeMap<&str, String> = submission
            .answers
            .iter()
            .filter_map(|(exercise, answer)| match answer {
                Answer::Taken { content, .. } => Some((exercise.as_str(), answer_hash(content))),
                Answer::Refused(_) => None,
            })
            .collect();
        let digest = digest(submission, &hashes);
        self.write(|tx| {
            students::ensure(tx, &submission.student)?;
            let seen = self.later_than(last_seen(tx, &submission.student)?);
            SubmissionRow {
                student: submission.student.clone(),
                digest,
                source: submission.source.to_string_lossy().into_owned(),
                edition: submission.edition.clone(),
                submitted: submission.submitted,
                notes: json(&submission.notes),
                seen,
            }
            .put(tx)?;
            let mut put = Put::default();
            for exercise in exercises {
                let (what, place) = match submission.answers.get(exercise) {
                    None => (What::Missing, None),
                    Some(Answer::Refused(why)) => (What::Refused(json(why)), None),
                    Some(Answer::Taken { place, content }) => {
                        let hash = hashes[exercise].clone();
                        keep_content(tx, &hash, content)?;
                        AnswerRow::ensure(tx, exercise, &hash)?;
                        (What::Taken(hash), Some(place.clone()))
                    }
                };
                let attempt = AttemptRow {
                    student: submission.student.clone(),
                    exercise: exercise.to_owned(),
                    what,
                    place,
                    submitted: submission.submitted,
                    edition: submission.edition.clone(),
                    seen,
                    current: true,
                };
                if attempt.put(tx)? {
                    put.new += 1;
                } else {
                    put.unchanged += 1;
                }
            }
            Ok(put)
        })
    }

    /// The newest submission of every student who handed something in, by the
    /// student's id.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn submissions(&self) -> Result<Vec<HandedIn>> {
        self.read(|tx| {
            let mut newest = BTreeMap::new();
            for row in SubmissionRow::all(tx)? {
                newest.insert(row.student.clone(), row);
            }
            let handed_in = newest.into_values().map(|row| {
                Ok(HandedIn {
                    student: row.student,
                    source: row.source.into(),
                    edition: row.edition,
                    submitted: row.submitted,
                    notes: of_json("the notes on a submission", &row.notes)?,
                })
            });
            handed_in.collect()
        })
    }
}

/// Of all that is in a submission. Where it was found and when it was handed in
/// may differ.
fn digest(submission: &Submission, hashes: &BTreeMap<&str, String>) -> String {
    let mut key = Key::new("submission");
    key.add("edition", json(&submission.edition));
    key.add("notes", json(&submission.notes));
    for (exercise, answer) in &submission.answers {
        key.add("exercise", exercise);
        match answer {
            Answer::Taken { place, .. } => {
                key.add("place", place);
                key.add("content", &hashes[exercise.as_str()]);
            }
            Answer::Refused(why) => key.add("refused", json(why)),
        }
    }
    key.finish()
}

/// When anything of this student was last new.
fn last_seen(tx: &Transaction<'_>, student: &str) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT max(seen) FROM (SELECT max(seen) AS seen FROM submissions \
               WHERE student = ?1 UNION ALL SELECT max(seen) FROM attempts WHERE student = ?1)";
    tx.prepare_cached(sql)?.query_row([student], |row| row.get(0))
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SubmissionRow {
    pub student: String,
    pub digest: String,
    pub source: String,
    pub edition: Option<String>,
    pub submitted: Option<Timestamp>,
    pub notes: String,
    pub seen: i64,
}

const COLUMNS: &str = "student, digest, source, edition, submitted, notes, seen";

impl SubmissionRow {
    /// The oldest of each student first.
    pub fn all(tx: &Transaction<'_>) -> Result<Vec<Self>, Trouble> {
        let sql = format!("SELECT {COLUMNS} FROM submissions ORDER BY student, seen, digest");
        let mut select = tx.prepare(&sql)?;
        let mut rows = select.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(Self::read(row)?);
        }
        Ok(all)
    }

    pub fn load(
        tx: &Transaction<'_>,
        student: &str,
        digest: &str,
    ) -> Result<Option<Self>, Trouble> {
        let sql = format!("SELECT {COLUMNS} FROM submissions WHERE student = ?1 AND digest = ?2");
        let mut select = tx.prepare_cached(&sql)?;
        let mut rows = select.query([student, digest])?;
        rows.next()?.map(Self::read).transpose()
    }

    fn read(row: &Row<'_>) -> Result<Self, Trouble> {
        Ok(SubmissionRow {
            student: row.get(0)?,
            digest: row.get(1)?,
            source: row.get(2)?,
            edition: row.get(3)?,
            submitted: time_of(row.get(4)?)?,
            notes: row.get(5)?,
            seen: row.get(6)?,
        })
    }

    pub fn save(&self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        let sql = format!(
            "INSERT INTO submissions ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
             ON CONFLICT (student, digest) \
             DO UPDATE SET source = ?3, edition = ?4, submitted = ?5, notes = ?6, seen = ?7"
        );
        tx.prepare_cached(&sql)?.execute(params![
            self.student,
            self.digest,
            self.source,
            self.edition,
            self.submitted.map(|t| t.to_string()),
            self.notes,
            self.seen,
        ])?;
        Ok(())
    }

    /// Makes this one the newest, unless it is.
    fn put(mut self, tx: &Transaction<'_>) -> Result<(), Trouble> {
        let sql = "SELECT digest FROM submissions WHERE student = ?1 \
                   ORDER BY seen DESC, digest DESC LIMIT 1";
        let newest: Option<String> =
            tx.prepare_cached(sql)?.query_row([&self.student], |row| row.get(0)).optional()?;
        let old = Self::load(tx, &self.student, &self.digest)?;
        if let Some(old) = &old {
            self.submitted = earliest(old.submitted, self.submitted);
            if newest.as_ref() == Some(&self.digest) {
                self.seen = old.seen;
            }
        }
        if old.as_ref() != Some(&self) {
            self.save(tx)?;
        }
        Ok(())
    }

    /// What two stores together know of this submission: the later sight of it,
    /// the earlier time at which it was handed in.
    pub fn join(&self, other: &Self) -> Self {
        let later =
            if (other.seen, &other.source) > (self.seen, &self.source) { other } else { self };
        SubmissionRow { submitted: earliest(self.submitted, other.submitted), ..later.clone() }
    }
}

/// The earlier of two times, as far as they are known.
pub(super) fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// A time as it is kept.
pub(super) fn time_of(text: Option<String>) -> Result<Option<Timestamp>, Trouble> {
    let parse = |text: String| text.parse().map_err(|e| Trouble::json("a time", &e));
    text.map(parse).transpose()
}
