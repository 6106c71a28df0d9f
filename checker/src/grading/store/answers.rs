//! Content, as answers to exercises, and which verdict counts for each.

use rusqlite::{OptionalExtension, Transaction, params};

use super::Store;
use super::pack::{count, int, pack, unpack};
use super::trouble::Trouble;
use super::verdicts::Standing;
use crate::hash::hexadecimal;
use crate::problem::{Problem, Result};

/// One answer that is to be checked, for all who handed it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The exercise's name.
    pub exercise: String,
    /// [`answer_hash`] of its content.
    pub answer: String,
    /// The key of the verdict that is wanted.
    pub key: String,
    /// How many attempts wait for it.
    pub attempts: u64,
}

/// By what content is known: SHA-256, in hexadecimal digits.
pub fn answer_hash(content: &[u8]) -> String {
    hexadecimal(&hmac_sha256::Hash::hash(content))
}

impl Store {
    /// The answers to these exercises that count for somebody and have no
    /// verdict with the wanted key, which `key` makes of an exercise and the
    /// hash of an answer. By exercise in the order given, then by hash.
    ///
    /// Where that verdict is known already, from before a test changed to and
    /// fro, it is linked instead. A verdict that says no more than that checking
    /// did not work ([`Internal`], [`Cancelled`]) is as good as none, so an
    /// answer is tried again in the next run; ask once a run.
    ///
    /// [`Internal`]: crate::verdict::Status::Internal
    /// [`Cancelled`]: crate::verdict::Status::Cancelled
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn waiting(
        &self,
        exercises: &[impl AsRef<str>],
        key: impl Fn(&str, &str) -> String,
    ) -> Result<Vec<Job>> {
        self.write(|tx| {
            let mut jobs = Vec::new();
            let mut select = tx.prepare_cached(WAITING)?;
            for exercise in exercises.iter().map(AsRef::as_ref) {
                let rows = select.query_map([exercise], |row| {
                    Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?))
                })?;
                // All of them first: links change what is being read.
                let rows: Vec<(i64, String, Option<i64>, i64)> =
                    rows.collect::<rusqlite::Result<_>>()?;
                for (id, answer, linked, attempts) in rows {
                    let key = key(exercise, &answer);
                    match Standing::of(tx, &key)?.filter(|known| known.holds()) {
                        Some(known) if known.answer != id => return Err(other_answer(&key).into()),
                        Some(known) if linked == Some(known.id) => {}
                        Some(known) => self.set_link(tx, id, known.id)?,
                        None => jobs.push(Job {
                            exercise: exercise.to_owned(),
                            answer,
                            key,
                            attempts: count(attempts),
                        }),
                    }
                }
            }
            Ok(jobs)
        })
    }

    /// The content with this hash.
    ///
    /// # Errors
    /// There is none, or the store is damaged.
    pub fn answer(&self, hash: &str) -> Result<Vec<u8>> {
        self.read(|tx| {
            let sql = "SELECT packed FROM contents WHERE hash = ?1";
            let packed: Option<Vec<u8>> =
                tx.prepare_cached(sql)?.query_row([hash], |row| row.get(0)).optional()?;
            let packed = packed.ok_or_else(|| self.no_answer("", hash))?;
            let content = unpack("an answer", &packed)?;
            if answer_hash(&content) != hash {
                return Err(Trouble::Damaged(format!("the content of {hash} is another one")));
            }
            Ok(content)
        })
    }

    /// Makes a verdict that is known the one that counts for an answer.
    ///
    /// # Errors
    /// There is no such verdict on this answer, or the store cannot be written.
    pub fn link(&self, exercise: &str, answer: &str, key: &str) -> Result<()> {
        self.write(|tx| {
            let id = self.answer_id(tx, exercise, answer)?;
            let known = Standing::of(tx, key)?
                .ok_or_else(|| Problem::new("store-no-verdict").with("key", key))?;
            if known.answer != id {
                return Err(other_answer(key).into());
            }
            self.set_link(tx, id, known.id)
        })
    }

    pub(super) fn answer_id(
        &self,
        tx: &Transaction<'_>,
        exercise: &str,
        hash: &str,
    ) -> Result<i64, Trouble> {
        let row = AnswerRow::load(tx, exercise, hash)?;
        Ok(row.ok_or_else(|| self.no_answer(exercise, hash))?.id)
    }

    pub(super) fn set_link(
        &self,
        tx: &Transaction<'_>,
        answer: i64,
        verdict: i64,
    ) -> Result<(), Trouble> {
        let sql = "SELECT linked FROM answers WHERE id = ?1";
        let last = tx.prepare_cached(sql)?.query_row([answer], |row| row.get(0))?;
        let sql =
            "UPDATE answers SET verdict = ?2, linked = ?3 WHERE id = ?1 AND verdict IS NOT ?2";
        tx.prepare_cached(sql)?.execute(params![answer, verdict, self.later_than(Some(last))])?;
        Ok(())
    }

    fn no_answer(&self, exercise: &str, hash: &str) -> Problem {
        let problem = Problem::new("store-no-answer").with("path", self.path.display());
        problem.with("exercise", exercise).with("hash", hash)
    }
}

/// Answers that count for somebody.
pub(super) const WAITING: &str = "\
    SELECT id, hash, verdict, \
           (SELECT count(*) FROM attempts t WHERE t.answer = a.id AND t.current = 1) AS attempts \
    FROM answers a WHERE exercise = ?1 AND attempts > 0 ORDER BY hash";

/// A key depends on the answer; one key for two answers is a mistake in how it
/// was made.
pub(super) fn other_answer(key: &str) -> Problem {
    Problem::new("store-key-of-other").with("key", key)
}

/// Keeps content, once.
pub(super) fn keep_content(
    tx: &Transaction<'_>,
    hash: &str,
    content: &[u8],
) -> rusqlite::Result<()> {
    let known = tx.prepare_cached("SELECT 1 FROM contents WHERE hash = ?1")?.exists([hash])?;
    if !known {
        let sql = "INSERT INTO contents (hash, size, packed) VALUES (?1, ?2, ?3)";
        tx.prepare_cached(sql)?.execute(params![hash, int(content.len()), pack(content)])?;
    }
    Ok(())
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AnswerRow {
    pub id: i64,
    pub verdict: Option<i64>,
    pub linked: i64,
}

impl AnswerRow {
    pub fn load(
        tx: &Transaction<'_>,
        exercise: &str,
        hash: &str,
    ) -> rusqlite::Result<Option<Self>> {
        let sql = "SELECT id, verdict, linked FROM answers WHERE exercise = ?1 AND hash = ?2";
        let read = |row: &rusqlite::Row<'_>| {
            Ok(AnswerRow { id: row.get(0)?, verdict: row.get(1)?, linked: row.get(2)? })
        };
        tx.prepare_cached(sql)?.query_row([exercise, hash], read).optional()
    }

    /// The row, which is made if there is none. Its content must be there.
    pub fn ensure(tx: &Transaction<'_>, exercise: &str, hash: &str) -> rusqlite::Result<Self> {
        if let Some(row) = Self::load(tx, exercise, hash)? {
            return Ok(row);
        }
        let sql = "INSERT INTO answers (exercise, hash) VALUES (?1, ?2)";
        tx.prepare_cached(sql)?.execute([exercise, hash])?;
        Ok(AnswerRow { id: tx.last_insert_rowid(), verdict: None, linked: 0 })
    }
}
