//! From attempts to the gradebook: a row a student, a column an exercise.

use std::collections::{BTreeMap, BTreeSet};

use record::Fact;

use super::Course;
use crate::grading::model::{
    Attempt, AttemptOutcome, Entry, Gradebook, GradedExercise, GradedStudent, Student,
};
use crate::kit::Kit;

/// What was handed in, and how it stands.
#[derive(Clone, Debug, Default)]
pub struct HandedIn {
    /// The roster, in its order; without one, none.
    pub students: Vec<Student>,
    /// The current attempts. Of two at one exercise the later in this list
    /// counts.
    pub attempts: Vec<Attempt>,
    /// What was noticed about submissions as a whole, by the student's id.
    pub notes: BTreeMap<String, Vec<Fact>>,
    /// Layers of the sandbox that were missing in some run.
    pub unsandboxed: Vec<String>,
}

/// The gradebook: those on the roster first, then whoever else handed
/// something in, by id. Every student has a mark for every graded exercise.
pub fn gradebook(course: &Course, kit: &Kit, handed_in: HandedIn) -> Gradebook {
    let HandedIn { students, attempts, mut notes, unsandboxed } = handed_in;
    let mut by_student: BTreeMap<String, BTreeMap<String, Attempt>> = BTreeMap::new();
    for attempt in attempts {
        let own = by_student.entry(attempt.student.clone()).or_default();
        own.insert(attempt.exercise.clone(), attempt);
    }
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut rows: Vec<Student> =
        students.into_iter().filter(|student| known.insert(student.id.clone())).collect();
    let others = by_student.keys().chain(notes.keys()).filter(|id| !known.contains(*id));
    let others: BTreeSet<String> = others.cloned().collect();
    rows.extend(others.into_iter().map(|id| Student { id, ..Student::default() }));

    let students = rows
        .into_iter()
        .map(|student| {
            let mut own = by_student.remove(&student.id).unwrap_or_default();
            let submitted = own.values().filter_map(|a| a.submitted).max();
            let entries = course
                .exercises()
                .map(|exercise| {
                    let attempt = own.remove(exercise).unwrap_or_else(|| Attempt {
                        student: student.id.clone(),
                        exercise: exercise.to_owned(),
                        submitted,
                        edition: None,
                        outcome: AttemptOutcome::Missing,
                    });
                    Entry { mark: course.mark(&attempt), attempt }
                })
                .collect();
            let notes = notes.remove(&student.id).unwrap_or_default();
            GradedStudent { student, submitted, notes, entries }
        })
        .collect();
    let exercises = course
        .exercises
        .iter()
        .map(|graded| {
            // A text that is missing is no reason to have no marks.
            let known = kit.catalogue().exercises().find(|e| e.name == graded.name);
            let text = known.and_then(|e| kit.text(e).ok());
            GradedExercise {
                name: graded.name.clone(),
                title: text.map_or_else(|| graded.name.clone(), |t| t.title),
                max: graded.max.points(),
            }
        })
        .collect();
    Gradebook { title: course.title.clone(), exercises, students, unsandboxed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grading::sample;

    #[test]
    fn the_roster_comes_first_and_nobody_is_forgotten() {
        let (_folder, kit) = sample::kit();
        let course = Course::default_for(&kit).unwrap();
        let mut second = sample::attempt("zoe", "one", sample::checked(sample::passed()));
        second.submitted = Some("2026-12-02T12:00:00Z".parse().unwrap());
        let attempts = vec![
            sample::attempt("zoe", "one", AttemptOutcome::Missing),
            second,
            sample::attempt("bob", "unknown", sample::checked(sample::passed())),
        ];
        let students = ["ada", "zoe", "ada"].map(|id| sample::student(id, id)).to_vec();
        let notes = BTreeMap::from([("cy".to_owned(), vec![Fact::new("course-missing")])]);
        let handed_in = HandedIn { students, attempts, notes, unsandboxed: vec!["net".into()] };
        let book = gradebook(&course, &kit, handed_in);

        let ids: Vec<&str> = book.students.iter().map(|s| s.student.id.as_str()).collect();
        assert_eq!(ids, ["ada", "zoe", "bob", "cy"]);
        let points: Vec<f64> = book.students.iter().map(GradedStudent::points).collect();
        assert_eq!(points, [0.0, 10.0, 0.0, 0.0]);
        for student in &book.students {
            let names: Vec<&str> =
                student.entries.iter().map(|e| e.attempt.exercise.as_str()).collect();
            assert_eq!(names, ["one", "two", "three"], "a mark for each, in the same order");
        }
        assert_eq!(book.students[1].submitted.unwrap().to_string(), "2026-12-02T12:00:00Z");
        assert_eq!(book.students[3].notes.len(), 1);
        assert_eq!(book.exercises[0].title, "Number one");
        assert_eq!((book.exercises[2].max, book.unsandboxed.len()), (25.0, 1));
    }
}
