//! Joins the stores of several machines or shards.
//!
//! Every row has a meaning of its own, and two rows for the same thing have a
//! join that does not ask which came first. So stores may be merged in any
//! order, in several steps, and again: the result is the same.

mod attempts;
mod verdicts;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use record::Fact;
use rusqlite::{Transaction, params};

use super::Store;
use super::students::StudentRow;
use super::submissions::SubmissionRow;
use super::trouble::Trouble;
use crate::problem::{Problem, Result};

/// What came of [`merge`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// How many students were not known before.
    pub students: usize,
    /// How many submissions were not known before.
    pub submissions: usize,
    /// How many attempts were not known before.
    pub attempts: usize,
    /// How many verdicts were not known before.
    pub verdicts: usize,
    /// Where stores say different things, and what counts now: sentences of
    /// `grading.toml`.
    pub conflicts: Vec<Fact>,
}

/// Adds what the stores in `from` hold to `into`. Each is added as a whole or
/// not at all; an interrupted merge can be run again.
///
/// Where two stores say different things of one attempt, and neither knows
/// what the other says as its own history, that is told in
/// [`Merged::conflicts`], and the one that was read later counts.
///
/// # Errors
/// A file is missing, is no store, or is `into` itself. What came before it in
/// the list has been added.
pub fn merge(into: &mut Store, from: &[impl AsRef<Path>]) -> Result<Merged> {
    let mut merged = Merged::default();
    for path in from.iter().map(AsRef::as_ref) {
        // Before it is opened: waiting for oneself would take for ever.
        if is_same(into.path(), path) {
            return Err(Problem::new("store-into-itself").with("path", path.display()));
        }
        let source = Store::open_existing(path)?;
        let added = into.write(|tx| {
            let added = source.read(|from| Ok(Joining::new(path).all(from, tx)))?;
            // Which of the two is damaged?
            added.or_else(|trouble| source.check().map_err(Trouble::from).and(Err(trouble)))
        })?;
        into.recent().forget();
        merged.students += added.students;
        merged.submissions += added.submissions;
        merged.attempts += added.attempts;
        merged.verdicts += added.verdicts;
        merged.conflicts.extend(added.conflicts);
    }
    Ok(merged)
}

fn is_same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

/// One store on its way into another.
struct Joining {
    from: PathBuf,
    merged: Merged,
    /// Ids of runs here, by their ids in the other store.
    runs: BTreeMap<i64, i64>,
}

impl Joining {
    fn new(from: &Path) -> Self {
        Joining { from: from.to_owned(), merged: Merged::default(), runs: BTreeMap::new() }
    }

    fn all(mut self, from: &Transaction<'_>, tx: &Transaction<'_>) -> Result<Merged, Trouble> {
        self.runs(from, tx)?;
        self.students(from, tx)?;
        self.contents(from, tx)?;
        self.verdicts(from, tx)?;
        self.submissions(from, tx)?;
        self.attempts(from, tx)?;
        Ok(self.merged)
    }

    /// What is wrong with the other store.
    fn theirs(&self, trouble: impl Into<Trouble>) -> Trouble {
        trouble.into().into_problem(&self.from).into()
    }

    fn conflict(&mut self, key: &str, fill: impl FnOnce(Fact) -> Fact) {
        let fact = Fact::new(key).with("path", self.from.display());
        self.merged.conflicts.push(fill(fact));
    }

    fn runs(&mut self, from: &Transaction<'_>, tx: &Transaction<'_>) -> Result<(), Trouble> {
        let mut select =
            from.prepare("SELECT id, uid, info, begun, ended FROM runs ORDER BY uid")?;
        let mut rows = select.query([])?;
        let mut insert = tx.prepare(
            "INSERT INTO runs (uid, info, begun, ended) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (uid) DO UPDATE SET ended = coalesce(max(ended, ?4), ended, ?4) \
             RETURNING id",
        )?;
        while let Some(row) = rows.next()? {
            let (uid, info): (String, String) = (row.get(1)?, row.get(2)?);
            let (begun, ended): (i64, Option<i64>) = (row.get(3)?, row.get(4)?);
            let id = insert.query_row(params![uid, info, begun, ended], |row| row.get(0))?;
            self.runs.insert(row.get(0)?, id);
        }
        Ok(())
    }

    /// A newer roster counts; who is in none is known all the same.
    fn students(&mut self, from: &Transaction<'_>, tx: &Transaction<'_>) -> Result<(), Trouble> {
        let order = |row: &StudentRow| (row.told, row.student.clone(), row.position);
        for theirs in StudentRow::all(from, "ORDER BY id").map_err(|e| self.theirs(e))? {
            let Some(ours) = StudentRow::load(tx, &theirs.id)? else {
                theirs.save(tx)?;
                self.merged.students += 1;
                continue;
            };
            if ours.told != 0 && theirs.told != 0 && ours.student != theirs.student {
                self.conflict("store-conflict-student", |f| f.with("student", &theirs.id));
            }
            if order(&theirs) > order(&ours) {
                theirs.save(tx)?;
            }
        }
        Ok(())
    }

    fn contents(&mut self, from: &Transaction<'_>, tx: &Transaction<'_>) -> Result<(), Trouble> {
        let mut select = from.prepare("SELECT hash, size, packed FROM contents ORDER BY hash")?;
        let mut rows = select.query([])?;
        let mut insert =
            tx.prepare("INSERT OR IGNORE INTO contents (hash, size, packed) VALUES (?1, ?2, ?3)")?;
        while let Some(row) = rows.next()? {
            let (hash, size): (String, i64) = (row.get(0)?, row.get(1)?);
            insert.execute(params![hash, size, row.get::<_, Vec<u8>>(2)?])?;
        }
        Ok(())
    }

    fn submissions(&mut self, from: &Transaction<'_>, tx: &Transaction<'_>) -> Result<(), Trouble> {
        for theirs in SubmissionRow::all(from).map_err(|e| self.theirs(e))? {
            match SubmissionRow::load(tx, &theirs.student, &theirs.digest)? {
                None => {
                    theirs.save(tx)?;
                    self.merged.submissions += 1;
                }
                Some(ours) => {
                    let joined = ours.join(&theirs);
                    if joined != ours {
                        joined.save(tx)?;
                    }
                }
            }
        }
        Ok(())
    }
}
