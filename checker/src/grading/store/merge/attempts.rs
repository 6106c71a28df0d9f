//! Attempts of another store, and which of them count.

use rusqlite::Transaction;

use super::super::attempts::{AttemptRow, What};
use super::super::trouble::Trouble;
use super::Joining;

impl Joining {
    pub(super) fn attempts(
        &mut self,
        from: &Transaction<'_>,
        tx: &Transaction<'_>,
    ) -> Result<(), Trouble> {
        let mut group: Vec<AttemptRow> = Vec::new();
        AttemptRow::each(from, "ORDER BY t.student, t.exercise", &[], |row| {
            let is_next = group
                .first()
                .is_some_and(|f| (&f.student, &f.exercise) != (&row.student, &row.exercise));
            if is_next {
                self.group(tx, &std::mem::take(&mut group))?;
            }
            group.push(row);
            Ok(())
        })?;
        self.group(tx, &group)
    }

    /// All that the other store knows of one exercise of one student.
    fn group(&mut self, tx: &Transaction<'_>, theirs: &[AttemptRow]) -> Result<(), Trouble> {
        let Some(first) = theirs.first() else { return Ok(()) };
        let ours = AttemptRow::of(tx, &first.student, &first.exercise)?;
        let mut joined = ours.clone();
        for their in theirs {
            match joined.iter_mut().find(|row| row.what == their.what) {
                Some(row) => *row = row.join(their),
                None => {
                    joined.push(their.clone());
                    self.merged.attempts += 1;
                }
            }
        }
        let newest = newest(&joined);
        for row in &mut joined {
            row.current = Some(&row.what) == newest.as_ref();
        }
        self.tell(&ours, theirs);
        // First those that count no longer: two at a time are refused.
        joined.sort_by_key(|row| row.current);
        for row in joined.iter().filter(|row| !ours.contains(row)) {
            row.save(tx)?;
        }
        Ok(())
    }

    /// If each store counts what the other one never saw.
    fn tell(&mut self, ours: &[AttemptRow], theirs: &[AttemptRow]) {
        let current = |rows: &[AttemptRow]| rows.iter().find(|row| row.current).cloned();
        let (Some(our), Some(their)) = (current(ours), current(theirs)) else { return };
        let knows = |rows: &[AttemptRow], what: &What| rows.iter().any(|row| row.what == *what);
        if !knows(ours, &their.what) && !knows(theirs, &our.what) {
            self.conflict("store-conflict-attempt", |fact| {
                fact.with("student", &our.student).with("exercise", &our.exercise)
            });
        }
    }
}

/// What was seen last.
fn newest(rows: &[AttemptRow]) -> Option<What> {
    rows.iter().max_by(|a, b| (a.seen, &a.what).cmp(&(b.seen, &b.what))).map(|row| row.what.clone())
}
