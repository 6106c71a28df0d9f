//! Answers of another store, their verdicts, and which of these count.

use std::collections::BTreeMap;

use rusqlite::Transaction;
use serde_json::Value;

use super::super::answers::{AnswerRow, other_answer};
use super::super::attempts::Detail;
use super::super::dump::forget_times;
use super::super::pack::json;
use super::super::trouble::Trouble;
use super::super::verdicts::{Made, Packed, Standing, load, save};
use super::Joining;
use crate::verdict::{self, Verdict};

/// A verdict of the other store.
struct Theirs {
    key: String,
    made: i64,
    run: Option<i64>,
}

impl Joining {
    pub(super) fn verdicts(
        &mut self,
        from: &Transaction<'_>,
        tx: &Transaction<'_>,
    ) -> Result<(), Trouble> {
        let mut select = from.prepare(
            "SELECT a.exercise, a.hash, a.linked, v.key FROM answers a \
             LEFT JOIN verdicts v ON v.id = a.verdict ORDER BY a.exercise, a.hash",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let [exercise, hash]: [String; 2] = [row.get(0)?, row.get(1)?];
            let ours = AnswerRow::ensure(tx, &exercise, &hash)?;
            let known = keys_of(tx, ours.id)?;
            let mut theirs = BTreeMap::new();
            let all = "SELECT v.id, v.key, v.made, v.run FROM verdicts v JOIN answers a \
                       ON a.id = v.answer WHERE a.exercise = ?1 AND a.hash = ?2 AND v.version = ?3";
            let mut verdicts = from.prepare_cached(all)?;
            let mut verdicts =
                verdicts.query(rusqlite::params![exercise, hash, verdict::VERSION])?;
            while let Some(row) = verdicts.next()? {
                let run: Option<i64> = row.get(3)?;
                let run = run.and_then(|run| self.runs.get(&run).copied());
                let their = Theirs { key: row.get(1)?, made: row.get(2)?, run };
                let verdict = load(from, row.get(0)?, Detail::Whole).map_err(|e| self.theirs(e))?;
                let id = self.verdict(tx, ours.id, &their, &verdict)?;
                theirs.insert(their.key, id);
            }
            if let Some(key) = row.get::<_, Option<String>>(3)?
                && let Some(id) = theirs.get(&key)
            {
                let link = (row.get(2)?, key.as_str());
                self.link(tx, &ours, &known, link, *id, &|key| theirs.contains_key(key))?;
            }
        }
        Ok(())
    }

    /// The verdict's id here.
    fn verdict(
        &mut self,
        tx: &Transaction<'_>,
        answer: i64,
        from: &Theirs,
        theirs: &Verdict,
    ) -> Result<i64, Trouble> {
        let write = |packed: &Packed| {
            let made = Made { key: &from.key, answer, made: from.made, run: from.run };
            save(tx, &made, theirs, packed)
        };
        let Some(known) = Standing::of(tx, &from.key)? else {
            self.merged.verdicts += 1;
            return write(&Packed::new(theirs));
        };
        if known.answer != answer {
            return Err(other_answer(&from.key).into());
        }
        if known.version != i64::from(verdict::VERSION) {
            return write(&Packed::new(theirs));
        }
        let ours = load(tx, known.id, Detail::Whole)?;
        if ours == *theirs && known.made >= from.made {
            return Ok(known.id);
        }
        let (our_text, their_text) = (json(&ours), json(theirs));
        let (our_rank, their_rank) = (judges(&ours), judges(theirs));
        if our_rank == their_rank && lasting(&ours) != lasting(theirs) {
            self.conflict("store-conflict-verdict", |fact| {
                fact.with("exercise", &theirs.exercise).with("key", &from.key)
            });
        }
        if (their_rank, from.made, their_text) > (our_rank, known.made, our_text) {
            return write(&Packed::new(theirs));
        }
        Ok(known.id)
    }

    /// The verdict that counts is the one linked later.
    fn link(
        &mut self,
        tx: &Transaction<'_>,
        ours: &AnswerRow,
        known: &BTreeMap<i64, String>,
        (linked, key): (i64, &str),
        id: i64,
        they_know: &dyn Fn(&str) -> bool,
    ) -> Result<(), Trouble> {
        let our_key = ours.verdict.and_then(|id| known.get(&id)).map_or("", String::as_str);
        let we_know = known.values().any(|known| known == key);
        if !our_key.is_empty() && !we_know && !they_know(our_key) {
            let sql = "SELECT exercise, hash FROM answers WHERE id = ?1";
            let (exercise, hash): (String, String) =
                tx.query_row(sql, [ours.id], |row| Ok((row.get(0)?, row.get(1)?)))?;
            self.conflict("store-conflict-link", |fact| {
                fact.with("exercise", exercise).with("hash", hash)
            });
        }
        if (linked, key) > (ours.linked, our_key) {
            let sql = "UPDATE answers SET verdict = ?2, linked = ?3 WHERE id = ?1";
            tx.prepare_cached(sql)?.execute([ours.id, id, linked])?;
        }
        Ok(())
    }
}

/// The keys of all verdicts on an answer, by their ids.
fn keys_of(tx: &Transaction<'_>, answer: i64) -> rusqlite::Result<BTreeMap<i64, String>> {
    let mut select = tx.prepare_cached("SELECT id, key FROM verdicts WHERE answer = ?1")?;
    let keys = select.query_map([answer], |row| Ok((row.get(0)?, row.get(1)?)))?;
    keys.collect()
}

/// What the same answer gets each time.
fn lasting(verdict: &Verdict) -> Value {
    let mut value = serde_json::to_value(verdict).unwrap_or_default();
    forget_times(&mut value);
    value
}

/// It says something about the answer.
fn judges(verdict: &Verdict) -> bool {
    !matches!(verdict.status, verdict::Status::Internal | verdict::Status::Cancelled)
}
