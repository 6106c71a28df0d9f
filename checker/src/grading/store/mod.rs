//! What grading remembers: students, what they handed in, and every verdict,
//! in one SQLite file.
//!
//! Whatever is asked to be kept is kept as a whole or not at all, so a run may
//! be ended at any moment, by `kill -9` too; a rerun goes on where it was.
//! Saying the same thing twice changes nothing. Nothing is ever removed: an
//! answer or a verdict that another one replaces stays as history.
//!
//! Content is kept once, by its hash, and an answer that many students share is
//! checked once. Which verdict counts for it is a link: when a test changes,
//! the key of the verdict changes, and [`Store::waiting`] names exactly the
//! answers to be checked again.

mod answers;
mod attempts;
pub mod cli;
mod diagnoses;
mod dump;
mod merge;
mod open;
mod pack;
mod recent;
mod runs;
mod schema;
mod statistics;
mod students;
mod submissions;
#[cfg(test)]
mod tests;
mod trouble;
mod verdicts;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use answers::{Job, answer_hash};
pub use attempts::Detail;
pub use merge::{Merged, merge};
pub use runs::{Run, RunId, RunInfo};
pub use statistics::{ExerciseStatistics, TestStatistics};
pub use submissions::{HandedIn, Put};

use crate::problem::Result;
use recent::Recent;
use trouble::Trouble;

/// A store that is open. Threads may share it; programs may share its file, as
/// long as that is not on a network drive.
pub struct Store {
    path: PathBuf,
    connection: Mutex<Connection>,
    /// The run that verdicts are put down to; 0 is none.
    run: AtomicI64,
    clock: Clock,
    /// Locked only while the connection is.
    recent: Mutex<Recent>,
}

/// Tells the time in microseconds since 1970.
type Clock = Box<dyn Fn() -> i64 + Send + Sync>;

impl Store {
    /// Opens the store in this file, and begins a new one if there is no such
    /// file. One of an older version is brought up to date.
    ///
    /// # Errors
    /// The file is something else, damaged, from a newer version or cannot be
    /// written. It is left as it is.
    pub fn open(path: &Path) -> Result<Self> {
        Self::with_connection(path, open::open(path, &schema::migrations(), true)?)
    }

    /// Opens a store that must be there already.
    ///
    /// # Errors
    /// As [`open`](Self::open), or there is no such file.
    pub fn open_existing(path: &Path) -> Result<Self> {
        Self::with_connection(path, open::open(path, &schema::migrations(), false)?)
    }

    fn with_connection(path: &Path, connection: Connection) -> Result<Self> {
        Ok(Store {
            path: path.to_owned(),
            connection: Mutex::new(connection),
            run: AtomicI64::new(0),
            clock: Box::new(|| {
                let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
                i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
            }),
            recent: Mutex::default(),
        })
    }

    /// Its file, as it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Checks every page of the file and every reference in it. Takes seconds
    /// for a large one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<()> {
        self.read(|tx| {
            let said: String = tx.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
            if said != "ok" {
                return Err(Trouble::Damaged(said));
            }
            let mut references = tx.prepare("PRAGMA foreign_key_check")?;
            if references.exists([])? {
                return Err(Trouble::Damaged("a reference leads nowhere".to_owned()));
            }
            Ok(())
        })
    }

    /// What is read by `ask` is of one moment.
    fn read<T>(&self, ask: impl FnOnce(&Transaction<'_>) -> Result<T, Trouble>) -> Result<T> {
        self.transact(TransactionBehavior::Deferred, ask)
    }

    /// What is written by `change` is written as a whole or not at all. Another
    /// program that writes at the same time is waited for at the beginning: to
    /// wait half-way would be too late.
    fn write<T>(&self, change: impl FnOnce(&Transaction<'_>) -> Result<T, Trouble>) -> Result<T> {
        self.transact(TransactionBehavior::Immediate, change)
    }

    fn transact<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Trouble>,
    ) -> Result<T> {
        let mut connection = self.connection();
        let attempt = || {
            let tx = connection.transaction_with_behavior(behavior)?;
            let result = work(&tx)?;
            tx.commit()?;
            Ok(result)
        };
        attempt().map_err(|trouble: Trouble| trouble.into_problem(&self.path))
    }

    /// A thread that panicked left no transaction behind: dropping it rolled
    /// it back. So the connection is as good as before.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A time later than `last`, whatever happens to the machine's clock.
    fn later_than(&self, last: Option<i64>) -> i64 {
        let now = (self.clock)();
        last.map_or(now, |last| now.max(last.saturating_add(1)))
    }

    fn current_run(&self) -> Option<i64> {
        Some(self.run.load(Ordering::Relaxed)).filter(|run| *run != 0)
    }
}
