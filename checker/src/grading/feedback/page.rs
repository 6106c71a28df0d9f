//! The page of one student: the sum, a table, then each exercise.

use std::collections::{BTreeMap, BTreeSet};

use super::FeedbackOptions;
use super::exercise::{self, Subject, colour};
use super::html::{self, Html};
use crate::grading::course::points_shown;
use crate::grading::model::{Gradebook, GradedStudent};
use crate::grading::student_view::words;
use crate::kit::ExerciseText;
use crate::text::{say, say_fact, word};

pub(super) fn student(
    book: &Gradebook,
    graded: &GradedStudent,
    texts: &BTreeMap<String, ExerciseText>,
    options: FeedbackOptions,
) -> String {
    let student = &graded.student;
    let name = student.name.as_deref().unwrap_or(&student.id);
    html::page(&format!("{name}: {}", book.title), |h| {
        h.tag("header", &[], |h| {
            h.element("p", "over", &book.title);
            h.element("h1", "", name);
            if let Some(at) = graded.submitted {
                let at = at.strftime("%Y-%m-%d %H:%M UTC").to_string();
                h.element("p", "soft", say("feedback-handed-in", &[("at", &at)]));
            }
            total(h, book, graded);
        });
        for note in &graded.notes {
            h.element("p", "warn", say_fact(note));
        }
        table(h, book, graded);
        // A pitfall is explained in full where it is met first.
        let mut explained = BTreeSet::new();
        for (column, entry) in book.exercises.iter().zip(&graded.entries) {
            let text = texts.get(&column.name);
            let subject = Subject { column, entry, text, hints: options.hints };
            exercise::section(h, &subject, &mut explained);
        }
    })
}

fn total(h: &mut Html, book: &Gradebook, graded: &GradedStudent) {
    let max: f64 = book.exercises.iter().map(|e| e.max).sum();
    let (points, all) = (points_shown(graded.points()), points_shown(max));
    let passed = graded.entries.iter().filter(|e| colour(e) == "good").count();
    h.tag("p", &[("class", "total")], |h| {
        h.element("strong", "", &points);
        h.element("span", "", say("feedback-of", &[("max", &all)]));
    });
    let values = [("min", "0"), ("max", &all), ("value", &points)];
    if max > 0.0 {
        h.tag("meter", &values, |h| {
            h.text(say("export-points", &[("points", &points), ("max", &all)]))
        });
    }
    let count: [(&str, &dyn std::fmt::Display); 2] =
        [("passed", &passed), ("all", &book.exercises.len())];
    h.element("p", "soft", say("feedback-passed", &count));
}

fn table(h: &mut Html, book: &Gradebook, graded: &GradedStudent) {
    h.tag("table", &[], |h| {
        h.tag("thead", &[], |h| {
            h.tag("tr", &[], |h| {
                h.element("th", "", word("feedback-exercise"));
                h.element("th", "", word("feedback-standing"));
                h.element("th", "number", word("feedback-points"));
            });
        });
        h.tag("tbody", &[], |h| {
            for (column, entry) in book.exercises.iter().zip(&graded.entries) {
                h.tag("tr", &[], |h| {
                    h.tag("td", &[], |h| {
                        let link = format!("#{}", column.name);
                        h.tag("a", &[("href", &link)], |h| h.text(&column.title));
                    });
                    h.tag("td", &[], |h| {
                        h.element("span", colour(entry), words::standing(entry));
                    });
                    let (points, max) = (points_shown(entry.mark.points), points_shown(column.max));
                    h.element("td", "number", format!("{points} / {max}"));
                });
            }
        });
    });
}
