//! Feedback: one page of HTML for each student, and an index for the
//! instructor.
//!
//! A page is one file. It has no script, fetches nothing, and can be mailed,
//! printed or put on a learning platform. It is made from the
//! [`StudentView`](super::student_view::StudentView), so nothing hidden is in
//! it. The index names all students: it is for the instructor alone.

mod exercise;
mod html;
mod index;
mod page;
mod picture;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::file_name::file_names;
use super::model::Gradebook;
use crate::disk;
use crate::kit::{ExerciseText, Kit};
use crate::problem::{Problem, Result};

/// What pages say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedbackOptions {
    /// How many of the three hints a page gives for an exercise that has not
    /// passed.
    pub hints: usize,
}

impl Default for FeedbackOptions {
    fn default() -> Self {
        FeedbackOptions { hints: 1 }
    }
}

/// Writes `STUDENT.html` for everybody in the gradebook, and `index.html`, to
/// the folder `out`, which is made if it is not there. The index comes last,
/// so what it names is there. Returns the files, the index first.
///
/// # Errors
/// A file cannot be written.
pub fn feedback(
    book: &Gradebook,
    kit: &Kit,
    options: FeedbackOptions,
    out: &Path,
) -> Result<Vec<PathBuf>> {
    let texts = texts(kit);
    let names = file_names(book.students.iter().map(|s| s.student.id.as_str()));
    let name = |id: &str| format!("{}.html", names.get(id).map_or("student", String::as_str));
    let mut files = vec![out.join("index.html")];
    for student in &book.students {
        let path = out.join(name(&student.student.id));
        put(&path, &page::student(book, student, &texts, options))?;
        files.push(path);
    }
    put(&files[0], &index::index(book, name))?;
    Ok(files)
}

/// The texts of all exercises that have one.
fn texts(kit: &Kit) -> BTreeMap<String, ExerciseText> {
    let exercises = kit.catalogue().exercises();
    exercises.filter_map(|e| Some((e.name.clone(), kit.text(e).ok()?))).collect()
}

fn put(path: &Path, html: &str) -> Result<()> {
    disk::write_whole(path, html.as_bytes(), false).map_err(|e| Problem::io("write", path, &e))
}
