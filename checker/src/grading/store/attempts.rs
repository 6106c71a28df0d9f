//! How each exercise of each student stands.

use jiff::Timestamp;
use rusqlite::{Row, Transaction, params};

use super::Store;
use super::pack::of_json;
use super::submissions::{earliest, time_of};
use super::trouble::Trouble;
use super::verdicts::load;
use crate::grading::model::{Attempt, AttemptOutcome};
use crate::problem::Result;
use crate::verdict;

/// How much of each verdict to read. A verdict with everything takes some ten
/// to a hundred kilobytes of memory, and a course may have a million attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Detail {
    /// Enough for marks: without events and without what tests and the compiler
    /// printed.
    Marks,
    /// The verdicts as they were put.
    Whole,
}

impl Store {
    /// All attempts that count, by student, then by exercise.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn attempts(&self, detail: Detail) -> Result<Vec<Attempt>> {
        self.select(detail, None)
    }

    /// The attempts of one student that count, by exercise.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn attempts_of(&self, student: &str, detail: Detail) -> Result<Vec<Attempt>> {
        self.select(detail, Some(student))
    }

    fn select(&self, detail: Detail, student: Option<&str>) -> Result<Vec<Attempt>> {
        self.read(|tx| {
            let one = if student.is_some() { "AND t.student = ?1" } else { "" };
            let mut select = tx.prepare_cached(&format!(
                "SELECT {COLUMNS}, v.id, v.made FROM attempts t LEFT JOIN answers a ON a.id = t.answer \
                 LEFT JOIN verdicts v ON v.id = a.verdict AND v.version = {} \
                 WHERE t.current = 1 {one} ORDER BY t.student, t.exercise",
                verdict::VERSION
            ))?;
            let mut recent = self.recent();
            let mut rows = select.query(rusqlite::params_from_iter(student))?;
            let mut attempts = Vec::new();
            while let Some(row) = rows.next()? {
                let attempt = AttemptRow::read(row)?;
                let verdict: Option<(i64, i64)> =
                    row.get::<_, Option<i64>>(LEN)?.zip(row.get(LEN + 1)?);
                let outcome = match (&attempt.what, verdict) {
                    (What::Missing, _) => AttemptOutcome::Missing,
                    (What::Refused(why), _) => AttemptOutcome::Refused(of_json("a reason", why)?),
                    (What::Taken(_), None) => AttemptOutcome::Waiting,
                    (What::Taken(_), Some((id, made))) => {
                        let verdict = recent.get((id, made, detail), || load(tx, id, detail))?;
                        AttemptOutcome::Checked(verdict)
                    }
                };
                attempts.push(Attempt {
                    student: attempt.student,
                    exercise: attempt.exercise,
                    submitted: attempt.submitted,
                    edition: attempt.edition,
                    outcome,
                });
            }
            Ok(attempts)
        })
    }
}

/// What stands in the place of an exercise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// Nothing.
    Missing,
    /// Something that is not compiled; why, as JSON.
    Refused(String),
    /// Content, by its hash.
    Taken(String),
}

impl What {
    fn kind(&self) -> &'static str {
        match self {
            What::Missing => "missing",
            What::Refused(_) => "refused",
            What::Taken(_) => "taken",
        }
    }
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AttemptRow {
    pub student: String,
    pub exercise: String,
    pub what: What,
    pub place: Option<String>,
    pub submitted: Option<Timestamp>,
    pub edition: Option<String>,
    pub seen: i64,
    pub current: bool,
}

const COLUMNS: &str = "t.student, t.exercise, t.kind, t.refused, a.hash, t.place, t.submitted, \
                       t.edition, t.seen, t.current";
const LEN: usize = 10;

impl AttemptRow {
    /// Every attempt at one exercise by one student, history too.
    pub fn of(tx: &Transaction<'_>, student: &str, exercise: &str) -> Result<Vec<Self>, Trouble> {
        let mut all = Vec::new();
        Self::each(tx, "WHERE t.student = ?1 AND t.exercise = ?2", &[student, exercise], |row| {
            all.push(row);
            Ok(())
        })?;
        Ok(all)
    }

    /// Calls `with` for those that fit, in the order of `filter`.
    pub fn each(
        tx: &Transaction<'_>,
        filter: &str,
        values: &[&str],
        mut with: impl FnMut(Self) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let mut select = tx.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM attempts t LEFT JOIN answers a ON a.id = t.answer {filter}"
        ))?;
        let mut rows = select.query(rusqlite::params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            with(Self::read(row)?)?;
        }
        Ok(())
    }

    fn read(row: &Row<'_>) -> Result<Self, Trouble> {
        let kind: String = row.get(2)?;
        let what = match kind.as_str() {
            "taken" => What::Taken(row.get(4)?),
            "refused" => What::Refused(row.get(3)?),
            _ => What::Missing,
        };
        Ok(AttemptRow {
            student: row.get(0)?,
            exercise: row.get(1)?,
            what,
            place: row.get(5)?,
            submitted: time_of(row.get(6)?)?,
            edition: row.get(7)?,
            seen: row.get(8)?,
            current: row.get(9)?,
        })
    }

    /// Makes this the attempt that counts, unless it is; whether that is new.
    pub fn put(mut self, tx: &Transaction<'_>) -> Result<bool, Trouble> {
        let rows = Self::of(tx, &self.student, &self.exercise)?;
        let old = rows.iter().find(|row| row.what == self.what);
        let unchanged = old.is_some_and(|old| old.current);
        if let Some(old) = old {
            self.submitted = earliest(old.submitted, self.submitted);
            if unchanged {
                self.seen = old.seen;
            }
        }
        if !unchanged {
            for row in rows.iter().filter(|row| row.current) {
                AttemptRow { current: false, ..row.clone() }.save(tx)?;
            }
        }
        if old != Some(&self) {
            self.save(tx)?;
        }
        Ok(!unchanged)
    }

    /// Writes the row. If it counts, no other may at that moment.
    pub fn save(&self, tx: &Transaction<'_>) -> Result<(), Trouble> {
        let (hash, refused) = match &self.what {
            What::Missing => (None, None),
            What::Refused(why) => (None, Some(why)),
            What::Taken(hash) => (Some(hash), None),
        };
        let sql = "\
            INSERT INTO attempts (student, exercise, kind, answer, refused, place, submitted, \
                                  edition, seen, current) \
            VALUES (?1, ?2, ?3, (SELECT id FROM answers WHERE exercise = ?2 AND hash = ?4), \
                    ?5, ?6, ?7, ?8, ?9, ?10) \
            ON CONFLICT (student, exercise, kind, ifnull(answer, 0), ifnull(refused, '')) \
            DO UPDATE SET place = ?6, submitted = ?7, edition = ?8, seen = ?9, current = ?10";
        tx.prepare_cached(sql)?.execute(params![
            self.student,
            self.exercise,
            self.what.kind(),
            hash,
            refused,
            self.place,
            self.submitted.map(|t| t.to_string()),
            self.edition,
            self.seen,
            self.current,
        ])?;
        Ok(())
    }

    /// What two stores together know of this attempt: the later sight of it,
    /// the earlier time at which it was handed in.
    pub fn join(&self, other: &Self) -> Self {
        let order = |row: &Self| (row.seen, row.edition.clone(), row.place.clone());
        let later = if order(other) > order(self) { other } else { self };
        AttemptRow { submitted: earliest(self.submitted, other.submitted), ..later.clone() }
    }
}
