//! A gradebook with what all formats need beside it.

use std::collections::BTreeMap;

use crate::gate::test_file::TestFile;
use crate::grading::file_name::file_names;
use crate::grading::model::{AttemptOutcome, Entry, Gradebook, GradedStudent};
use crate::grading::student_view::{StudentView, shown_to_student, words};
use crate::kit::{ExerciseText, Kit};

/// A gradebook, texts and names of files.
pub(super) struct Book<'a> {
    pub book: &'a Gradebook,
    names: BTreeMap<&'a str, String>,
    texts: BTreeMap<String, ExerciseText>,
    codes: BTreeMap<String, BTreeMap<String, String>>,
}

impl<'a> Book<'a> {
    pub fn new(book: &'a Gradebook, kit: &Kit) -> Self {
        let names = file_names(book.students.iter().map(|s| s.student.id.as_str()));
        let mut texts = BTreeMap::new();
        let mut codes = BTreeMap::new();
        for exercise in kit.catalogue().exercises() {
            if let Ok(text) = kit.text(exercise) {
                texts.insert(exercise.name.clone(), text);
            }
            let path = kit.tests(exercise).join("visible.rs");
            if let Ok(file) = TestFile::read(&path, "visible") {
                let code = |line: u32| code_from(&file.text, line);
                let of = file.tests.iter().map(|t| (t.name.clone(), code(t.line)));
                codes.insert(exercise.name.clone(), of.collect());
            }
        }
        Book { book, names, texts, codes }
    }

    /// The student's name for files.
    pub fn file(&self, student: &GradedStudent) -> &str {
        self.names.get(student.student.id.as_str()).map_or("student", String::as_str)
    }

    /// The text of an exercise, if there is one.
    pub fn text(&self, exercise: &str) -> Option<&ExerciseText> {
        self.texts.get(exercise)
    }

    /// The code of a visible test.
    pub fn code(&self, exercise: &str, test: &str) -> Option<&str> {
        self.codes.get(exercise)?.get(test).map(String::as_str)
    }

    /// All there is to say of an entry to its student.
    pub fn words(&self, entry: &Entry) -> String {
        let view = view(entry);
        words::entry(entry, view.as_ref(), self.text(&entry.attempt.exercise))
    }

    /// Points of everybody who has all right.
    pub fn max(&self) -> f64 {
        hundredths(self.book.exercises.iter().map(|e| e.max).sum())
    }
}

/// What its student may see of an entry's verdict.
pub(super) fn view(entry: &Entry) -> Option<StudentView> {
    match &entry.attempt.outcome {
        AttemptOutcome::Checked(verdict) => Some(shown_to_student(verdict)),
        _ => None,
    }
}

/// A sum of marks without the dust that floats leave.
pub(super) fn hundredths(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}

/// The function that begins at this line, counted from 1, with the attributes
/// above it. Our test files are formatted: its end is the next `}` that stands
/// where it stands.
fn code_from(text: &str, line: u32) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let at = (line as usize).saturating_sub(1).min(lines.len());
    let indent = lines.get(at).map_or(0, |l| l.len() - l.trim_start().len());
    let end = lines[at..].iter().position(|l| *l == format!("{:indent$}}}", ""));
    let end = end.map_or(lines.len(), |end| at + end + 1);
    let above = lines[..at].iter().rev().take_while(|l| l.trim_start().starts_with("#[")).count();
    lines[at - above..end].iter().map(|l| format!("{}\n", l.get(indent..).unwrap_or(l))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_test_is_the_whole_function() {
        let text = "use x;\n\n#[test]\nfn a() {\n    if x {\n    }\n}\n\n#[test]\nfn b() {\n}\n";
        assert_eq!(code_from(text, 4), "#[test]\nfn a() {\n    if x {\n    }\n}\n");
        assert_eq!(code_from(text, 10), "#[test]\nfn b() {\n}\n");
        assert_eq!(code_from(text, 99), "", "beyond the end there is nothing");
    }
}
