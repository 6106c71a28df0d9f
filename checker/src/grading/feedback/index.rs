//! The instructor's index: everybody, with points and a link to the page.

use super::exercise::colour;
use super::html;
use crate::grading::course::points_shown;
use crate::grading::model::Gradebook;
use crate::grading::student_view::words;
use crate::text::{say, word};

pub(super) fn index(book: &Gradebook, file: impl Fn(&str) -> String) -> String {
    html::page(&book.title, |h| {
        h.element("p", "over", word("feedback-index-only"));
        h.element("h1", "", &book.title);
        let max = points_shown(book.exercises.iter().map(|e| e.max).sum());
        let count: [(&str, &dyn std::fmt::Display); 2] =
            [("students", &book.students.len()), ("max", &max)];
        h.element("p", "soft", say("feedback-index-count", &count));
        if !book.unsandboxed.is_empty() {
            let layers = book.unsandboxed.join(", ");
            h.element("p", "warn", say("feedback-unsandboxed", &[("layers", &layers)]));
        }
        let entries = book.students.iter().flat_map(|s| &s.entries);
        let again = entries.filter(|e| words::is_open(e)).count();
        if again > 0 {
            let sentence = say("feedback-regrade", &[("count", &again)]);
            h.tag("p", &[("class", "warn")], |h| h.spans(&sentence));
        }
        h.tag("div", &[("class", "wide")], |h| {
            h.tag("table", &[], |h| {
                h.tag("tr", &[], |h| {
                    h.element("th", "", word("feedback-student"));
                    book.exercises.iter().for_each(|e| h.element("th", "number", &e.name));
                    h.element("th", "number", word("feedback-total"));
                });
                for graded in &book.students {
                    let student = &graded.student;
                    h.tag("tr", &[], |h| {
                        h.tag("td", &[], |h| {
                            // Names of files are plain: see `file_name`.
                            let link = format!("./{}", file(&student.id));
                            let name = student.name.as_deref().unwrap_or(&student.id);
                            h.tag("a", &[("href", &link)], |h| h.text(name));
                            if student.name.is_some() {
                                h.element("span", "soft", format!(" {}", student.id));
                            }
                        });
                        for entry in &graded.entries {
                            h.tag("td", &[("class", "number")], |h| {
                                h.element("span", colour(entry), points_shown(entry.mark.points));
                            });
                        }
                        h.tag("td", &[("class", "number")], |h| {
                            h.element("strong", "", points_shown(graded.points()));
                        });
                    });
                }
            });
        });
    })
}
