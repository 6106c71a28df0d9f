//! The roster: who takes part, from a CSV file.
//!
//! The first line names the columns. `id` must be there; `name`, `login`,
//! `email`, `section` and `submitted` are known; all others are kept for the
//! exports. Commas, semicolons and tabs, quotes, and the mark that spreadsheets
//! put at the beginning are all right.

mod find;
mod table;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use jiff::Timestamp;

use crate::grading::model::Student;
use crate::grading::submission::times;
use crate::problem::{Problem, Result};
use find::Index;
use table::{Row, Table};

/// Who takes part.
#[derive(Clone, Debug)]
pub struct Roster {
    students: Vec<Student>,
    /// For each of them.
    submitted: Vec<Option<Timestamp>>,
    by_id: HashMap<String, usize>,
    index: Index,
    doubts: Vec<(String, &'static str)>,
}

/// The columns that mean something here.
const KNOWN: [&str; 6] = ["id", "name", "login", "email", "section", SUBMITTED];

/// When it was handed in: no property of a student.
const SUBMITTED: &str = "submitted";

/// What other programs call the columns that are known here.
const ALIASES: [(&str, &str); 7] = [
    ("student", "name"),
    ("full name", "name"),
    ("username", "login"),
    ("sis login id", "login"),
    ("email address", "email"),
    ("e-mail", "email"),
    ("group", "section"),
];

/// A line that Canvas puts under the header of its mark sheet.
const NOBODY: &str = "points possible";

impl Roster {
    /// Reads a roster.
    ///
    /// # Errors
    /// The file cannot be read, is not UTF-8, has no column `id`, a line
    /// without an id, an id or login twice, a time that is none, or a quote
    /// that is not closed; with file, line and what to do.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(|e| Problem::io("read", path, &e))?;
        Roster::parse(&bytes, path)
    }

    /// Reads a roster from `bytes`; `path` is for messages.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self> {
        let table = Table::parse(bytes, path)?;
        let columns = Columns::of(&table)?;
        let mut students = Vec::new();
        let mut submitted = Vec::new();
        let mut ids = Unique::new("id");
        let mut logins = Unique::new("login");
        for row in &table.rows {
            if row.cells.iter().any(|cell| cell.to_lowercase() == NOBODY) {
                continue;
            }
            let student = columns.student(&table, row)?;
            ids.insert(&student.id, &table, row)?;
            if let Some(login) = &student.login {
                logins.insert(login, &table, row)?;
            }
            submitted.push(columns.submitted(&table, row)?);
            students.push(student);
        }
        if students.is_empty() {
            return Err(Problem::new("roster-empty").with("path", path.display()));
        }
        let by_id = students.iter().enumerate().map(|(i, s)| (s.id.clone(), i)).collect();
        let index = Index::of(&students);
        let doubts = columns.doubts(&table.header);
        Ok(Roster { students, submitted, by_id, index, doubts })
    }

    /// Columns that are only passed on although their names are nearly those of
    /// known ones that are not there, each with that name.
    pub fn doubts(&self) -> &[(String, &'static str)] {
        &self.doubts
    }

    /// Everybody, in the order of the file.
    pub fn students(&self) -> &[Student] {
        &self.students
    }

    /// The student with exactly this id.
    pub fn get(&self, id: &str) -> Option<&Student> {
        self.by_id.get(id).map(|&i| &self.students[i])
    }

    /// When the student with this id handed in, if the roster says so.
    pub fn submitted(&self, id: &str) -> Option<Timestamp> {
        self.by_id.get(id).and_then(|&i| self.submitted[i])
    }

    /// Whose submission this is, from the name of its folder, or of its
    /// archive without the extension. It may be the student's id, login, email
    /// or what stands before its `@`, or what Canvas and Moodle make of a
    /// student. None if nobody or more than one comes into question.
    pub fn find(&self, name: &str) -> Option<&Student> {
        self.index.find(name).map(|i| &self.students[i])
    }

    /// The id most like `name`, if any is like it.
    pub fn similar_to(&self, name: &str) -> Option<&str> {
        const LIKE_ENOUGH: f64 = 0.75;
        let name = name.to_lowercase();
        let likeness = |student: &Student| {
            let names = [Some(&student.id), student.login.as_ref(), student.name.as_ref()];
            let each = names.into_iter().flatten();
            each.map(|n| strsim::jaro_winkler(&name, &n.to_lowercase())).fold(0.0, f64::max)
        };
        let all = self.students.iter().map(|s| (likeness(s), s.id.as_str()));
        // Of equal ones the first in the roster.
        let best = all.reduce(|a, b| if b.0 > a.0 { b } else { a })?;
        (best.0 >= LIKE_ENOUGH).then_some(best.1)
    }
}

/// Where each of the [`KNOWN`] columns is, if it is there.
struct Columns([(&'static str, Option<usize>); KNOWN.len()]);

impl Columns {
    fn of(table: &Table) -> Result<Self> {
        // A header that is written exactly so comes before one in capitals:
        // beside a column `id`, Canvas's `ID` is another.
        let exact = |name: &str| table.header.iter().position(|h| h == name);
        let folded = |name: &str| table.header.iter().position(|h| h.to_lowercase() == name);
        let alias = |name: &str| {
            ALIASES.iter().filter(|(_, known)| *known == name).find_map(|(alias, _)| folded(alias))
        };
        let column = |name: &str| exact(name).or_else(|| folded(name)).or_else(|| alias(name));
        let columns = Columns(KNOWN.map(|name| (name, column(name))));
        if columns.place("id").is_none() {
            return Err(Problem::new("roster-no-id")
                .with("path", table.path.display())
                .with("columns", table.header.join(", ")));
        }
        Ok(columns)
    }

    fn place(&self, known: &str) -> Option<usize> {
        self.0.iter().find(|(name, _)| *name == known).and_then(|(_, place)| *place)
    }

    /// The known column at this place of the header.
    fn at(&self, place: usize) -> Option<&'static str> {
        self.0.iter().find(|(_, taken)| *taken == Some(place)).map(|(name, _)| *name)
    }

    /// What stands in a known column of a row, unless that is nothing.
    fn cell<'r>(&self, known: &str, row: &'r Row) -> Option<&'r String> {
        self.place(known).and_then(|at| row.cells.get(at)).filter(|cell| !cell.is_empty())
    }

    fn doubts(&self, header: &[String]) -> Vec<(String, &'static str)> {
        const LIKE_ENOUGH: f64 = 0.85;
        let absent = || self.0.iter().filter(|(_, place)| place.is_none()).map(|(name, _)| *name);
        let others = header.iter().enumerate().filter(|(at, _)| self.at(*at).is_none());
        others
            .filter_map(|(_, column)| {
                let is_like = |known: &&str| {
                    strsim::jaro_winkler(&column.to_lowercase(), known) >= LIKE_ENOUGH
                };
                Some((column.clone(), absent().find(is_like)?))
            })
            .collect()
    }

    fn student(&self, table: &Table, row: &Row) -> Result<Student> {
        let id = self.cell("id", row).ok_or_else(|| table.problem("roster-no-id-here", row))?;
        let mut columns = BTreeMap::new();
        for (place, (header, cell)) in table.header.iter().zip(&row.cells).enumerate() {
            let known = self.at(place).filter(|known| *known != SUBMITTED);
            if known.is_some() && cell.contains(char::is_control) {
                return Err(table.problem("roster-line-break", row).with("column", header));
            }
            // A header of another name than ours is kept: exports hand the column
            // back. So is `ID`, under which Canvas has user ids.
            let is_own = header != "ID" && KNOWN.contains(&&*header.to_lowercase());
            let is_taken = self.at(place) == Some(SUBMITTED) || (known.is_some() && is_own);
            if !is_taken && !header.is_empty() {
                columns.insert(header.clone(), cell.clone());
            }
        }
        let cell = |known: &str| self.cell(known, row).cloned();
        Ok(Student {
            id: id.clone(),
            name: cell("name"),
            login: cell("login"),
            email: cell("email"),
            section: cell("section"),
            columns,
        })
    }

    fn submitted(&self, table: &Table, row: &Row) -> Result<Option<Timestamp>> {
        self.cell(SUBMITTED, row)
            .map(|cell| {
                times::read(cell)
                    .filter(|time| times::believable(*time))
                    .ok_or_else(|| table.problem("roster-bad-time", row).with("time", cell))
            })
            .transpose()
    }
}

/// What may stand in a column only once.
struct Unique {
    column: &'static str,
    /// With the line of each.
    seen: HashMap<String, u64>,
}

impl Unique {
    fn new(column: &'static str) -> Self {
        Unique { column, seen: HashMap::new() }
    }

    fn insert(&mut self, value: &str, table: &Table, row: &Row) -> Result<()> {
        match self.seen.insert(value.to_owned(), row.line) {
            None => Ok(()),
            Some(first) => Err(table
                .problem("roster-twice", row)
                .with("column", self.column)
                .with("value", value)
                .with("first", first)),
        }
    }
}
