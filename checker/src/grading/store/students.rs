//! Who is graded.

use rusqlite::{OptionalExtension, Transaction, params};

use super::Store;
use super::pack::{int, json, of_json};
use super::trouble::Trouble;
use crate::grading::model::Student;
use crate::problem::Result;

impl Store {
    /// Keeps the lines of a roster, in its order. Whoever is known already gets
    /// what this roster says; whoever is not in it stays as before.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn put_students(&self, students: &[Student]) -> Result<()> {
        self.put_some_students(students.iter().enumerate())
    }

    /// Keeps some lines of a roster, each with its place in the whole: what
    /// shards keep is joined later.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn put_some_students<'s>(
        &self,
        students: impl IntoIterator<Item = (usize, &'s Student)>,
    ) -> Result<()> {
        self.write(|tx| {
            for (position, student) in students {
                let old = StudentRow::load(tx, &student.id)?;
                let mut new = StudentRow {
                    id: student.id.clone(),
                    position: Some(int(position)),
                    student: json(student),
                    told: old.as_ref().map_or(0, |old| old.told),
                };
                if new.told == 0 || old.as_ref() != Some(&new) {
                    new.told = self.later_than(Some(new.told));
                    new.save(tx)?;
                }
            }
            Ok(())
        })
    }

    /// Everyone known, in the order of the roster, then those whom no roster
    /// names, by id.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn students(&self) -> Result<Vec<Student>> {
        self.read(|tx| {
            let rows = StudentRow::all(tx, "ORDER BY position IS NULL, position, id")?;
            rows.iter().map(|row| of_json("a student", &row.student)).collect()
        })
    }
}

/// A row of the table, as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StudentRow {
    pub id: String,
    pub position: Option<i64>,
    pub student: String,
    pub told: i64,
}

impl StudentRow {
    pub fn load(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<Self>> {
        let sql = "SELECT id, position, student, told FROM students WHERE id = ?1";
        tx.prepare_cached(sql)?.query_row([id], Self::read).optional()
    }

    pub fn all(tx: &Transaction<'_>, order: &str) -> rusqlite::Result<Vec<Self>> {
        let sql = format!("SELECT id, position, student, told FROM students {order}");
        tx.prepare(&sql)?.query_map([], Self::read)?.collect()
    }

    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(StudentRow {
            id: row.get(0)?,
            position: row.get(1)?,
            student: row.get(2)?,
            told: row.get(3)?,
        })
    }

    pub fn save(&self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        let sql = "INSERT INTO students (id, position, student, told) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (id) DO UPDATE SET position = ?2, student = ?3, told = ?4";
        tx.prepare_cached(sql)?.execute(params![
            self.id,
            self.position,
            self.student,
            self.told
        ])?;
        Ok(())
    }
}

/// Whoever hands something in is a student, with or without a roster.
pub(super) fn ensure(tx: &Transaction<'_>, id: &str) -> Result<(), Trouble> {
    if StudentRow::load(tx, id)?.is_none() {
        let student = json(&Student { id: id.to_owned(), ..Student::default() });
        StudentRow { id: id.to_owned(), position: None, student, told: 0 }.save(tx)?;
    }
    Ok(())
}
