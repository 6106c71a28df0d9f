//! When grading ran, with what, and how well fenced in.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::Store;
use super::pack::{json, of_json};
use super::trouble::Trouble;
use crate::hash::Key;
use crate::problem::Result;

/// What is known when a run begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInfo {
    /// The version of this program.
    pub engine: String,
    /// The version of the kit: the student edition that it would hand out.
    pub kit: String,
    /// What `rustc -vV` says.
    pub toolchain: String,
    /// The options that it was started with, by their names.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// The layers of the sandbox that hold.
    #[serde(default)]
    pub held: Vec<String>,
    /// The layers of the sandbox that are missing.
    #[serde(default)]
    pub missing: Vec<String>,
}

/// A run that was begun in this store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(i64);

/// A run that is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What was known when it began.
    pub info: RunInfo,
    /// When it began.
    pub begun: Timestamp,
    /// When it ended; None if it was interrupted, or has not come so far.
    pub ended: Option<Timestamp>,
}

impl Store {
    /// Notes that a run begins. Verdicts that are put from now on are put down
    /// to it.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn begin_run(&self, info: &RunInfo) -> Result<RunId> {
        let begun = self.later_than(None);
        let info = json(info);
        let uid = uid(begun, &info);
        let id = self.write(|tx| {
            tx.execute(
                "INSERT INTO runs (uid, info, begun) VALUES (?1, ?2, ?3)",
                params![uid, info, begun],
            )?;
            Ok(tx.last_insert_rowid())
        })?;
        self.run.store(id, Ordering::Relaxed);
        Ok(RunId(id))
    }

    /// Notes that a run is over.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn end_run(&self, run: RunId) -> Result<()> {
        let now = self.later_than(None);
        self.write(|tx| {
            tx.execute(
                "UPDATE runs SET ended = max(begun, ?2) WHERE id = ?1",
                params![run.0, now],
            )?;
            Ok(())
        })?;
        // Only if no other run has begun since.
        let _ = self.run.compare_exchange(run.0, 0, Ordering::Relaxed, Ordering::Relaxed);
        Ok(())
    }

    /// All runs, the oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>> {
        self.read(|tx| {
            let mut select =
                tx.prepare("SELECT info, begun, ended FROM runs ORDER BY begun, uid")?;
            let mut rows = select.query([])?;
            let mut runs = Vec::new();
            while let Some(row) = rows.next()? {
                runs.push(read(row)?);
            }
            Ok(runs)
        })
    }

    /// The layers of the sandbox that were missing in any run that made a
    /// verdict which still counts, in alphabetical order: to be said loudly.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn unsandboxed(&self) -> Result<Vec<String>> {
        self.read(|tx| {
            let mut select = tx.prepare(
                "SELECT info FROM runs WHERE id IN \
                 (SELECT v.run FROM answers a JOIN verdicts v ON v.id = a.verdict)",
            )?;
            let mut rows = select.query([])?;
            let mut missing = BTreeSet::new();
            while let Some(row) = rows.next()? {
                missing.extend(info(row)?.missing);
            }
            Ok(missing.into_iter().collect())
        })
    }
}

fn info(row: &Row<'_>) -> Result<RunInfo, Trouble> {
    of_json("a run", row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)
}

fn read(row: &Row<'_>) -> Result<Run, Trouble> {
    let time = |micros| Timestamp::from_microsecond(micros).map_err(|e| Trouble::json("a run", &e));
    Ok(Run {
        info: info(row)?,
        begun: time(row.get(1)?)?,
        ended: row.get::<_, Option<i64>>(2)?.map(time).transpose()?,
    })
}

/// No other run has this name, in no store.
fn uid(begun: i64, info: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut key = Key::new("run");
    key.add("begun", begun.to_le_bytes());
    key.add("info", info);
    key.add("process", std::process::id().to_le_bytes());
    key.add("count", COUNT.fetch_add(1, Ordering::Relaxed).to_le_bytes());
    // Two machines may share all of that.
    key.add("chance", RandomState::new().build_hasher().finish().to_le_bytes());
    key.finish()
}
