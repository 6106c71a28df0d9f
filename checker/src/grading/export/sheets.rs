//! Tables: Canvas, Moodle, and two for any spreadsheet.

use record::Fact;

use super::book::{Book, hundredths, view};
use super::{Out, Result, cell};
use crate::grading::course::points_shown;
use crate::grading::model::{Entry, GradedStudent, Student};
use crate::grading::student_view::words;
use crate::problem::Problem;

/// Excel takes a file for UTF-8 only if it begins with this.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// A mark sheet that Canvas imports. Its own ids come from the roster's
/// columns, which are named as in Canvas' own export; so does the id of an
/// assignment, where the roster is such an export.
pub(super) fn canvas(book: &Book, out: &mut Out) -> Result<()> {
    let assignments = book.book.exercises.iter().map(|e| assignment(book, &e.name));
    let fixed = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"].map(str::to_owned);
    let mut rows = vec![fixed.into_iter().chain(assignments).collect::<Vec<String>>()];
    // The blanks are Canvas' own.
    let mut possible = vec!["    Points Possible".to_owned()];
    possible.extend([const { String::new() }; 4]);
    possible.extend(book.book.exercises.iter().map(|e| points_shown(e.max)));
    rows.push(possible);
    for GradedStudent { student, entries, .. } in &book.book.students {
        let of = |name: &str| column(student, &[name]).unwrap_or_default();
        let sis = column(student, &["SIS User ID"]).unwrap_or(&student.id);
        let mut row = vec![
            cell::text(student.name.as_deref().unwrap_or(&student.id)),
            cell::text(of("ID")),
            cell::text(sis),
            cell::text(student.login.as_deref().unwrap_or(of("SIS Login ID"))),
            cell::text(student.section.as_deref().unwrap_or(of("Section"))),
        ];
        row.extend(entries.iter().map(|e| points_shown(e.mark.points)));
        rows.push(row);
    }
    put(out, "canvas.csv", &[], &rows)
}

/// `NAME (ID)` if the roster has such a column, else the name: for Canvas a
/// new assignment.
fn assignment(book: &Book, exercise: &str) -> String {
    let is_id = |rest: &str| {
        let digits = rest.strip_prefix(" (").and_then(|r| r.strip_suffix(')'));
        digits.is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
    };
    let columns = book.book.students.iter().flat_map(|s| s.student.columns.keys());
    let mut known = columns.filter(|c| c.strip_prefix(exercise).is_some_and(is_id));
    known.next().cloned().unwrap_or_else(|| exercise.to_owned())
}

/// A worksheet for Moodle's "Upload grading worksheet". Moodle finds students
/// by its own `Participant N`, which must stand in the roster.
pub(super) fn moodle(book: &Book, out: &mut Out) -> Result<()> {
    const HEAD: [&str; 7] = [
        "Identifier",
        "Full name",
        "Email address",
        "Grade",
        "Maximum Grade",
        "Last modified (grade)",
        "Feedback comments",
    ];
    let mut rows = vec![HEAD.map(str::to_owned).to_vec()];
    let mut left_out = Vec::new();
    for graded in &book.book.students {
        let student = &graded.student;
        let Some(identifier) = participant(student) else {
            left_out.push(crate::grading::plain::line(&student.id, 60));
            continue;
        };
        let modified = column(student, &[HEAD[5]]).filter(|d| !d.trim().is_empty());
        rows.push(vec![
            identifier,
            cell::text(student.name.as_deref().unwrap_or(&student.id)),
            cell::text(student.email.as_deref().unwrap_or_default()),
            points_shown(hundredths(graded.points())),
            points_shown(book.max()),
            // Moodle's own word for "never": it keeps Moodle from writing over
            // a mark that somebody has given by hand.
            modified.map_or_else(|| "-".to_owned(), cell::text),
            comments(graded),
        ]);
    }
    if rows.len() == 1 && !left_out.is_empty() {
        return Err(Problem::new("export-moodle-no-identifier"));
    }
    if !left_out.is_empty() {
        out.note(Fact::new("export-moodle-left-out").with("students", left_out.join(", ")));
    }
    put(out, "moodle.csv", &[], &rows)
}

/// `Participant N`, if the roster tells.
fn participant(student: &Student) -> Option<String> {
    let typed = column(student, &["Identifier", "Participant"]).unwrap_or(&student.id).trim();
    let own = column(student, &["Identifier", "Participant"]).is_some();
    let number = typed.strip_prefix("Participant ").or(own.then_some(typed))?.trim();
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| format!("Participant {number}"))
}

/// Moodle shows this as HTML: words of ours only, and none with a `<`.
fn comments(graded: &GradedStudent) -> String {
    let one = |entry: &Entry| {
        let mark = &entry.mark;
        let pitfall =
            view(entry).and_then(|v| v.pitfall).map_or(String::new(), |p| format!(", {p}"));
        let (points, max) = (points_shown(mark.points), points_shown(mark.max));
        let how = words::standing(entry);
        format!("{}: {points}/{max} ({how}{pitfall})", entry.attempt.exercise)
    };
    cell::text(&graded.entries.iter().map(one).collect::<Vec<_>>().join("; "))
}

/// `marks.csv`, a row a student, and `details.csv`, a row an attempt.
pub(super) fn plain(book: &Book, out: &mut Out) -> Result<()> {
    let mut marks = vec![strings(&["id", "name", "login", "email", "section", "submitted"])];
    let mut details = vec![strings(&[
        "id",
        "name",
        "exercise",
        "standing",
        "points",
        "max",
        "earned",
        "late_seconds",
        "pitfall",
        "tests_passed",
        "tests",
        "submitted",
        "edition",
        "reasons",
    ])];
    marks[0].extend(book.book.exercises.iter().map(|e| e.name.clone()));
    marks[0].extend(strings(&["total", "max"]));
    for graded in &book.book.students {
        let student = &graded.student;
        let known = |text: &Option<String>| cell::text(text.as_deref().unwrap_or_default());
        let time = |t: Option<jiff::Timestamp>| t.map_or(String::new(), |t| t.to_string());
        let (id, name) = (cell::text(&student.id), known(&student.name));
        let mut row = vec![id.clone(), name.clone(), known(&student.login), known(&student.email)];
        row.extend([known(&student.section), time(graded.submitted)]);
        row.extend(graded.entries.iter().map(|e| points_shown(e.mark.points)));
        row.extend([points_shown(graded.points()), points_shown(book.max())]);
        marks.push(row);
        for entry in &graded.entries {
            let (attempt, mark, view) = (&entry.attempt, &entry.mark, view(entry));
            let count = |n: Option<usize>| n.map_or(String::new(), |n| n.to_string());
            let passed = |v: &_| tests_passed(v);
            details.push(vec![
                id.clone(),
                name.clone(),
                attempt.exercise.clone(),
                words::standing(entry).to_owned(),
                points_shown(mark.points),
                points_shown(mark.max),
                points_shown(mark.earned),
                mark.late_seconds.map_or(String::new(), |s| s.to_string()),
                view.as_ref().and_then(|v| v.pitfall.clone()).unwrap_or_default(),
                count(view.as_ref().map(passed)),
                count(view.as_ref().map(|v| v.tests.len() + v.misuse.len())),
                time(attempt.submitted),
                known(&attempt.edition),
                cell::text(&words::reasons(entry).join(" ")),
            ]);
        }
    }
    put(out, "marks.csv", BOM, &marks)?;
    put(out, "details.csv", BOM, &details)
}

fn tests_passed(view: &crate::grading::student_view::StudentView) -> usize {
    view.tests.iter().filter(|t| t.passed()).count()
        + view.misuse.iter().filter(|c| c.holds).count()
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

/// The roster's value in the first of these columns that it has.
fn column<'a>(student: &'a Student, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| student.columns.get(*name)).map(String::as_str)
}

fn put(out: &mut Out, name: &str, before: &[u8], rows: &[Vec<String>]) -> Result<()> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(before.to_vec());
    let path = out.folder.join(name);
    let fail = |e: std::io::Error| Problem::io("write", &path, &e);
    for row in rows {
        writer.write_record(row).map_err(|e| fail(std::io::Error::other(e)))?;
    }
    let bytes = writer.into_inner().map_err(|e| fail(std::io::Error::other(e.to_string())))?;
    out.put(name, &bytes)
}
