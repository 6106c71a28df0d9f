//! What a store says, apart from when and where it was said.
//!
//! Two stores that were graded from the same submissions say the same, however
//! often one of them was interrupted. So left out are the numbers of rows, the
//! times of day, how long things took, folders of this machine, and the runs.

use rusqlite::Transaction;
use rusqlite::types::ValueRef;
use serde_json::Value;

use super::Store;
use super::pack::{json, unpack_value};
use super::trouble::Trouble;
use crate::hash::Key;
use crate::problem::Result;

impl Store {
    /// A hash of [`dump`](Self::dump).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn fingerprint(&self) -> Result<String> {
        let mut key = Key::new("store");
        self.read(|tx| walk(tx, &mut |line| key.add("line", line)))?;
        Ok(key.finish())
    }

    /// All that the store says, a line each, in a fixed order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn dump(&self) -> Result<String> {
        let mut text = String::new();
        self.read(|tx| {
            walk(tx, &mut |line| {
                text.push_str(line);
                text.push('\n');
            })
        })?;
        Ok(text)
    }
}

/// A title, and what to read for it.
const PARTS: [(&str, &str); 7] = [
    ("student", "SELECT id, position, student FROM students ORDER BY id"),
    (
        "submission",
        "SELECT student, digest, edition, submitted, notes FROM submissions \
         ORDER BY student, digest",
    ),
    (
        "attempt",
        "SELECT t.student, t.exercise, t.kind, a.hash, t.refused, t.current, t.submitted, \
                t.edition, t.place \
         FROM attempts t LEFT JOIN answers a ON a.id = t.answer \
         ORDER BY t.student, t.exercise, t.kind, a.hash, t.refused",
    ),
    (
        "answer",
        "SELECT a.exercise, a.hash, c.size, v.key FROM answers a JOIN contents c ON c.hash = a.hash \
         LEFT JOIN verdicts v ON v.id = a.verdict ORDER BY a.exercise, a.hash",
    ),
    (
        "test",
        "SELECT v.key, t.position, t.name, t.hidden, t.outcome, t.pitfall \
         FROM verdicts v JOIN tests t ON t.verdict = v.id ORDER BY v.key, t.position",
    ),
    (
        "diagnosis",
        "SELECT v.key, d.position, d.main, d.source, d.test, d.pitfall, d.stage, d.facts \
         FROM verdicts v JOIN diagnoses d ON d.verdict = v.id ORDER BY v.key, d.position",
    ),
    (
        "events",
        "SELECT v.key, e.test, e.count FROM verdicts v JOIN events e ON e.verdict = v.id \
         ORDER BY v.key, e.test",
    ),
];

fn walk(tx: &Transaction<'_>, with: &mut dyn FnMut(&str)) -> Result<(), Trouble> {
    for (title, sql) in PARTS {
        let mut select = tx.prepare(sql)?;
        let columns = select.column_count();
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let mut line = vec![Value::from(title)];
            for column in 0..columns {
                line.push(match row.get_ref(column)? {
                    ValueRef::Integer(number) => number.into(),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
                    ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Value::Null,
                });
            }
            with(&json(&line));
        }
    }
    verdicts(tx, with)
}

fn verdicts(tx: &Transaction<'_>, with: &mut dyn FnMut(&str)) -> Result<(), Trouble> {
    let mut select = tx.prepare(
        "SELECT v.key, a.exercise, a.hash, v.packed FROM verdicts v \
         JOIN answers a ON a.id = v.answer ORDER BY v.key",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let mut verdict: Value = unpack_value("a verdict", &row.get::<_, Vec<u8>>(3)?)?;
        forget_times(&mut verdict);
        let [key, exercise, hash]: [String; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
        with(&json(&("verdict", key, exercise, hash, verdict)));
    }
    Ok(())
}

/// Leaves of a verdict's JSON what the same answer gets each time.
pub(super) fn forget_times(verdict: &mut Value) {
    if let Some(verdict) = verdict.as_object_mut() {
        verdict.remove("timings");
        verdict.remove("cached");
    }
    let tests = verdict.get_mut("tests").and_then(Value::as_array_mut);
    for test in tests.into_iter().flatten().filter_map(Value::as_object_mut) {
        test.remove("millis");
        if let Some(Value::String(output)) = test.get_mut("output") {
            *output = untimed(output);
        }
    }
}

/// What a test printed, without how long libtest says it took.
fn untimed(output: &str) -> String {
    let lines = output.split_inclusive('\n').map(|line| match line.split_once("; finished in ") {
        Some((result, _)) if result.starts_with("test result: ") => result,
        _ => line,
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_it_took_is_no_part_of_what_was_said() {
        let said = |seconds| {
            let output = format!(
                "rest; finished in 1s\ntest result: FAILED. 1 failed; finished in {seconds}s\n\n"
            );
            let mut verdict = serde_json::json!({
                "timings": { "total": seconds }, "cached": false,
                "tests": [{ "name": "a", "output": output, "millis": seconds }],
            });
            forget_times(&mut verdict);
            verdict
        };
        assert_eq!(said(1), said(2));
        let output = "rest; finished in 1s\ntest result: FAILED. 1 failed\n";
        assert_eq!(said(1), serde_json::json!({ "tests": [{ "name": "a", "output": output }] }));
    }
}
