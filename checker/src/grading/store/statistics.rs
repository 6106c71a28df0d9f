//! What a dashboard asks: how a course stands, exercise by exercise.

use std::collections::BTreeMap;

use rusqlite::Transaction;
use serde::Serialize;

use super::Store;
use super::pack::{count, word_of};
use super::trouble::Trouble;
use crate::problem::Result;
use crate::verdict::{self, Status, TestOutcome};

/// How an exercise stands. Numbers are of students, and of attempts that count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExerciseStatistics {
    /// The exercise's name.
    pub exercise: String,
    /// Handed in something, be it refused.
    pub attempts: u64,
    /// Handed in nothing for it.
    pub missing: u64,
    /// Handed in something that is not compiled.
    pub refused: u64,
    /// Not checked yet.
    pub waiting: u64,
    /// Passed.
    pub passed: u64,
    /// Checked ones by their status, as in a verdict's JSON.
    pub by_status: BTreeMap<String, u64>,
    /// By the pitfall that is told first.
    pub by_pitfall: BTreeMap<String, u64>,
    /// Each test, by its name.
    pub tests: Vec<TestStatistics>,
    /// How long half of the checks took at most, in milliseconds; None if
    /// nothing was checked. An answer that many share was checked once.
    pub median_millis: Option<u64>,
}

/// How a test stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TestStatistics {
    /// Its name.
    pub name: String,
    /// Students must not see its code.
    pub hidden: bool,
    /// How many attempts passed it.
    pub passed: u64,
    /// How many did not.
    pub failed: u64,
}

impl Store {
    /// How each exercise stands, by name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn statistics(&self) -> Result<Vec<ExerciseStatistics>> {
        self.read(|tx| {
            let mut all = BTreeMap::new();
            kinds(tx, &mut all)?;
            verdicts(tx, &mut all)?;
            tests(tx, &mut all)?;
            Ok(all.into_values().collect())
        })
    }
}

type All = BTreeMap<String, ExerciseStatistics>;

fn entry<'a>(all: &'a mut All, exercise: &str) -> &'a mut ExerciseStatistics {
    all.entry(exercise.to_owned()).or_insert_with(|| ExerciseStatistics {
        exercise: exercise.to_owned(),
        ..ExerciseStatistics::default()
    })
}

fn kinds(tx: &Transaction<'_>, all: &mut All) -> Result<(), Trouble> {
    let sql = "SELECT exercise, kind, count(*) FROM attempts WHERE current = 1 \
               GROUP BY exercise, kind";
    let mut select = tx.prepare_cached(sql)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (exercise, kind): (String, String) = (row.get(0)?, row.get(1)?);
        let students = count(row.get(2)?);
        let entry = entry(all, &exercise);
        match kind.as_str() {
            "missing" => entry.missing += students,
            "refused" => {
                entry.refused += students;
                entry.attempts += students;
            }
            // Until a verdict is found.
            _ => {
                entry.waiting += students;
                entry.attempts += students;
            }
        }
    }
    Ok(())
}

/// Verdicts that count, and for how many students each does.
const COUNTED: &str = "\
    WITH live AS (SELECT answer, count(*) AS students FROM attempts \
                  WHERE current = 1 AND answer IS NOT NULL GROUP BY answer), \
    counted AS (SELECT a.exercise, v.*, live.students FROM live JOIN answers a ON a.id = live.answer \
                JOIN verdicts v ON v.id = a.verdict)";

fn verdicts(tx: &Transaction<'_>, all: &mut All) -> Result<(), Trouble> {
    let passed = word_of(&Status::Passed);
    let sql = format!(
        "{COUNTED} SELECT exercise, status, pitfall, students, total_ms FROM counted \
         WHERE version = {} ORDER BY exercise, total_ms",
        verdict::VERSION
    );
    let mut millis: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut select = tx.prepare_cached(&sql)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (exercise, status): (String, String) = (row.get(0)?, row.get(1)?);
        let pitfall: Option<String> = row.get(2)?;
        let students = count(row.get(3)?);
        let entry = entry(all, &exercise);
        entry.waiting = entry.waiting.saturating_sub(students);
        if status == passed {
            entry.passed += students;
        }
        *entry.by_status.entry(status).or_default() += students;
        if let Some(pitfall) = pitfall {
            *entry.by_pitfall.entry(pitfall).or_default() += students;
        }
        millis.entry(exercise).or_default().push(count(row.get(4)?));
    }
    for (exercise, millis) in millis {
        entry(all, &exercise).median_millis = millis.get((millis.len() - 1) / 2).copied();
    }
    Ok(())
}

fn tests(tx: &Transaction<'_>, all: &mut All) -> Result<(), Trouble> {
    let sql = format!(
        "{COUNTED} SELECT exercise, name, max(hidden), \
                sum(iif(outcome = ?1, students, 0)), sum(iif(outcome = ?1, 0, students)) \
         FROM counted JOIN tests ON verdict = id WHERE version = {} \
         GROUP BY exercise, name ORDER BY exercise, name",
        verdict::VERSION
    );
    let mut select = tx.prepare_cached(&sql)?;
    let mut rows = select.query([word_of(&TestOutcome::Passed)])?;
    while let Some(row) = rows.next()? {
        let exercise: String = row.get(0)?;
        entry(all, &exercise).tests.push(TestStatistics {
            name: row.get(1)?,
            hidden: row.get(2)?,
            passed: count(row.get(3)?),
            failed: count(row.get(4)?),
        });
    }
    Ok(())
}
