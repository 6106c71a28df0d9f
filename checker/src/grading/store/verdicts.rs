//! Verdicts, each kept once by its key.

use record::Event;
use rusqlite::{OptionalExtension, Transaction, params};

use super::answers::other_answer;
use super::attempts::Detail;
use super::pack::{int, json, pack_value, unpack_value, word_of};
use super::trouble::Trouble;
use super::{Store, diagnoses};
use crate::problem::Result;
use crate::verdict::{self, Status, Verdict};

impl Store {
    /// The verdict with this key. One that a program with another
    /// [version](verdict::VERSION) of verdicts wrote is as good as none.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn verdict(&self, key: &str) -> Result<Option<Verdict>> {
        self.read(|tx| match Standing::of(tx, key)? {
            Some(known) if known.version == i64::from(verdict::VERSION) => {
                load(tx, known.id, Detail::Whole).map(Some)
            }
            _ => Ok(None),
        })
    }

    /// Keeps a verdict on an answer that was put before, with its tests,
    /// diagnoses, timings and events, and makes it the one that counts.
    ///
    /// A key that is known keeps the verdict that it has, unless that one says
    /// only that checking did not work.
    ///
    /// # Errors
    /// Nobody handed in this answer, the key belongs to another answer, or the
    /// store cannot be written.
    pub fn put_verdict(
        &self,
        exercise: &str,
        answer: &str,
        key: &str,
        verdict: &Verdict,
    ) -> Result<()> {
        let packed = Packed::new(verdict);
        self.write(|tx| {
            let answer = self.answer_id(tx, exercise, answer)?;
            let id = match Standing::of(tx, key)? {
                Some(known) if known.answer != answer => return Err(other_answer(key).into()),
                Some(known) if known.holds() => known.id,
                replaced => {
                    let made = self.later_than(replaced.map(|known| known.made));
                    let run = self.current_run();
                    save(tx, &Made { key, answer, made, run }, verdict, &packed)?
                }
            };
            self.set_link(tx, answer, id)
        })
    }
}

/// What is known of a verdict without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub id: i64,
    pub answer: i64,
    pub version: i64,
    pub status: String,
    pub made: i64,
}

/// By the verdict's key.
pub(super) const STANDING: &str =
    "SELECT id, answer, version, status, made FROM verdicts WHERE key = ?1";

impl Standing {
    pub fn of(tx: &Transaction<'_>, key: &str) -> rusqlite::Result<Option<Self>> {
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Standing {
                id: row.get(0)?,
                answer: row.get(1)?,
                version: row.get(2)?,
                status: row.get(3)?,
                made: row.get(4)?,
            })
        };
        tx.prepare_cached(STANDING)?.query_row([key], read).optional()
    }

    /// It says something about the answer, in a form that is read here.
    pub fn holds(&self) -> bool {
        let not_checked = [Status::Internal, Status::Cancelled];
        self.version == i64::from(verdict::VERSION)
            && !not_checked.iter().any(|status| word_of(status) == self.status)
    }
}

/// A verdict, ready to be written.
pub(super) struct Packed {
    body: Vec<u8>,
    /// By the test's index: how many, and what they are.
    events: Vec<(usize, usize, Vec<u8>)>,
}

impl Packed {
    pub fn new(verdict: &Verdict) -> Self {
        let mut body = verdict.clone();
        let mut all = Vec::new();
        for (index, test) in body.tests.iter_mut().enumerate() {
            if let Some(record) = &mut test.record {
                let events = std::mem::take(&mut record.events);
                if !events.is_empty() {
                    all.push((index, events.len(), pack_value(&events)));
                }
            }
        }
        Packed { body: pack_value(&body), events: all }
    }
}

/// Where a verdict comes from.
pub(super) struct Made<'a> {
    pub key: &'a str,
    pub answer: i64,
    pub made: i64,
    pub run: Option<i64>,
}

/// Writes a verdict and all that belongs to it, in the place of one with the
/// same key.
pub(super) fn save(
    tx: &Transaction<'_>,
    from: &Made<'_>,
    verdict: &Verdict,
    packed: &Packed,
) -> Result<i64, Trouble> {
    let main = verdict.main.as_ref();
    let sql = "\
        INSERT INTO verdicts (key, answer, version, status, pitfall, stage, compile_ms, tests_ms, \
                              cases_ms, total_ms, made, run, packed) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
        ON CONFLICT (key) DO UPDATE SET version = ?3, status = ?4, pitfall = ?5, stage = ?6, \
            compile_ms = ?7, tests_ms = ?8, cases_ms = ?9, total_ms = ?10, made = ?11, run = ?12, \
            packed = ?13 \
        RETURNING id";
    let id: i64 = tx.prepare_cached(sql)?.query_row(
        params![
            from.key,
            from.answer,
            verdict.version,
            word_of(&verdict.status),
            main.and_then(|m| m.pitfall.as_ref()),
            main.and_then(|m| m.stage).map(|stage| word_of(&stage)),
            int(verdict.timings.compile),
            int(verdict.timings.tests),
            int(verdict.timings.cases),
            int(verdict.timings.total),
            from.made,
            from.run,
            packed.body,
        ],
        |row| row.get(0),
    )?;
    for table in ["tests", "diagnoses", "events"] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE verdict = ?1"))?.execute([id])?;
    }
    let sql = "INSERT INTO tests (verdict, position, name, hidden, outcome, millis, pitfall) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let mut insert = tx.prepare_cached(sql)?;
    for (position, test) in verdict.tests.iter().enumerate() {
        let outcome = word_of(&test.outcome);
        insert.execute(params![
            id,
            int(position),
            test.name,
            test.hidden,
            outcome,
            int(test.millis),
            test.pitfall()
        ])?;
    }
    let sql = "INSERT INTO diagnoses (verdict, position, main, source, test, pitfall, stage, facts) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let mut insert = tx.prepare_cached(sql)?;
    for (position, row) in diagnoses::of(verdict).iter().enumerate() {
        insert.execute(params![
            id,
            int(position),
            row.main,
            word_of(&row.source),
            row.test,
            row.pitfall,
            row.stage.map(|stage| word_of(&stage)),
            json(&row.facts),
        ])?;
    }
    let sql = "INSERT INTO events (verdict, test, count, packed) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = tx.prepare_cached(sql)?;
    for (test, count, packed) in &packed.events {
        insert.execute(params![id, int(*test), int(*count), packed])?;
    }
    Ok(id)
}

/// The verdict in this row.
pub(super) fn load(tx: &Transaction<'_>, id: i64, detail: Detail) -> Result<Verdict, Trouble> {
    let sql = "SELECT packed FROM verdicts WHERE id = ?1";
    let packed: Vec<u8> = tx.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    let mut verdict: Verdict = unpack_value("a verdict", &packed)?;
    match detail {
        Detail::Marks => make_light(&mut verdict),
        Detail::Whole => {
            let mut select =
                tx.prepare_cached("SELECT test, packed FROM events WHERE verdict = ?1")?;
            let mut rows = select.query([id])?;
            while let Some(row) = rows.next()? {
                let test: usize = usize::try_from(row.get::<_, i64>(0)?).unwrap_or(usize::MAX);
                let events: Vec<Event> = unpack_value("events", &row.get::<_, Vec<u8>>(1)?)?;
                let record = verdict.tests.get_mut(test).and_then(|t| t.record.as_mut());
                let nowhere = || Trouble::Damaged(format!("events of test {test}, which has none"));
                record.ok_or_else(nowhere)?.events = events;
            }
        }
    }
    Ok(verdict)
}

fn make_light(verdict: &mut Verdict) {
    for test in &mut verdict.tests {
        test.output = String::new();
    }
    let got = verdict.misuse.iter_mut().flat_map(|case| &mut case.got);
    for message in verdict.compile.iter_mut().chain(&mut verdict.advice).chain(got) {
        message.rendered = String::new();
        message.ansi = String::new();
    }
}
