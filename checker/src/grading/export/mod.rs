//! Marks and verdicts in the formats of others.
//!
//! Formats that a student gets to see are made from
//! [`StudentView`](super::student_view::StudentView)s; those for the
//! instructor hold names of hidden tests at most, never their code or what it
//! said.

mod base64;
mod book;
mod cell;
mod classroom;
mod exercism;
mod gradescope;
mod json;
mod junit;
mod sheets;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use record::Fact;
use serde::Serialize;

use super::model::Gradebook;
use crate::disk;
use crate::kit::Kit;
use crate::problem::{Problem, Result};

use book::Book;

/// A format of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Gradescope: `STUDENT/results.json`.
    Gradescope,
    /// Exercism's test runner, version 3: `STUDENT/EXERCISE/results.json`.
    Exercism,
    /// The result of a GitHub Classroom runner, in base64: `STUDENT.txt`.
    GithubClassroom,
    /// JUnit: `junit.xml`.
    Junit,
    /// A mark sheet for Canvas: `canvas.csv`.
    Canvas,
    /// A grading worksheet for Moodle: `moodle.csv`.
    Moodle,
    /// Two tables for a spreadsheet: `marks.csv` and `details.csv`.
    Csv,
    /// Everything, for programs: `marks.json`.
    Json,
}

/// What an export wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// The files.
    pub files: Vec<PathBuf>,
    /// What could not be said in this format, in sentences of `grading.toml`.
    pub notes: Vec<Fact>,
}

/// Writes the gradebook to the folder `out`, which is made if it is not there.
/// Each file is whole or not there at all; what other files are there stays.
///
/// # Errors
/// A file cannot be written; or the format wants of every student something
/// that the roster does not have.
pub fn export(book: &Gradebook, kit: &Kit, format: Format, out: &Path) -> Result<Exported> {
    let book = Book::new(book, kit);
    let mut out = Out { folder: out, exported: Exported::default() };
    match format {
        Format::Gradescope => gradescope::write(&book, &mut out)?,
        Format::Exercism => exercism::write(&book, &mut out)?,
        Format::GithubClassroom => classroom::write(&book, &mut out)?,
        Format::Junit => junit::write(&book, &mut out)?,
        Format::Canvas => sheets::canvas(&book, &mut out)?,
        Format::Moodle => sheets::moodle(&book, &mut out)?,
        Format::Csv => sheets::plain(&book, &mut out)?,
        Format::Json => json::write(&book, &mut out)?,
    }
    Ok(out.exported)
}

/// The folder that is written to.
struct Out<'a> {
    folder: &'a Path,
    exported: Exported,
}

impl Out<'_> {
    fn put(&mut self, name: impl AsRef<Path>, content: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        disk::write_whole(&path, content, false).map_err(|e| Problem::io("write", &path, &e))?;
        self.exported.files.push(path);
        Ok(())
    }

    fn put_json(&mut self, name: impl AsRef<Path>, value: &impl Serialize) -> Result<()> {
        let path = self.folder.join(&name);
        let mut json = serde_json::to_vec_pretty(value)
            .map_err(|e| Problem::io("write", &path, &std::io::Error::other(e)))?;
        json.push(b'\n');
        self.put(name, &json)
    }

    fn note(&mut self, fact: Fact) {
        self.exported.notes.push(fact);
    }
}
