//! What a run of grading comes to.

use std::collections::BTreeMap;

use record::Fact;
use serde::Serialize;

use super::sentence;
use crate::grading::model::{Answer, Submission};
use crate::grading::store::{Put, Store};
use crate::problem::Result;
use crate::text::say_fact;

/// What a run of grading comes to. With `--json`, this is what is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Students that were looked at.
    pub students: usize,
    /// Those of them who handed in nothing.
    pub without: usize,
    /// Answers that were new, or other than before.
    pub changed: usize,
    /// Answers that were judged in this run; the others were known.
    pub judged: usize,
    /// How each exercise stands now, in the order of the course; of all
    /// students in the store.
    pub exercises: Vec<ExerciseSummary>,
    /// How many were made from which student edition, of those that say so.
    pub editions: BTreeMap<String, usize>,
    /// What somebody should look at, with the submission's name before it.
    pub notes: Vec<String>,
}

/// How one exercise stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExerciseSummary {
    /// Its name.
    pub name: String,
    /// Attempts by their status; `refused` and `missing` besides.
    pub counts: BTreeMap<String, u64>,
    /// How often each pitfall was the main diagnosis.
    pub pitfalls: BTreeMap<String, u64>,
}

impl ExerciseSummary {
    /// Attempts with this status.
    pub fn count(&self, status: &str) -> u64 {
        self.counts.get(status).copied().unwrap_or(0)
    }
}

impl Summary {
    pub(super) fn new(exercises: &[&str]) -> Self {
        let empty =
            |name: &&str| ExerciseSummary { name: (*name).to_owned(), ..Default::default() };
        Summary { exercises: exercises.iter().map(empty).collect(), ..Summary::default() }
    }

    pub(super) fn note(&mut self, about: &str, facts: &[Fact]) {
        self.notes.extend(facts.iter().map(|fact| sentence(about, fact)));
    }

    /// Notes on the batch as a whole.
    pub(super) fn note_first(&mut self, facts: Vec<Fact>) {
        self.notes.splice(..0, facts.iter().map(say_fact));
    }

    pub(super) fn handed_in(&mut self, submission: &Submission, put: Put, exercises: &[&str]) {
        self.students += 1;
        self.without += usize::from(submission.answers.is_empty());
        self.changed += put.new;
        if let Some(edition) = &submission.edition {
            *self.editions.entry(edition.clone()).or_default() += 1;
        }
        self.note(&submission.student, &submission.notes);
        for exercise in exercises {
            if let Some(Answer::Refused(fact)) = submission.answers.get(*exercise) {
                self.note(
                    &format!("{}/{exercise}", submission.student),
                    std::slice::from_ref(fact),
                );
            }
        }
    }

    pub(super) fn count(&mut self, store: &Store, judged: usize) -> Result<()> {
        self.judged = judged;
        for known in store.statistics()? {
            let Some(exercise) = self.exercises.iter_mut().find(|e| e.name == known.exercise)
            else {
                continue;
            };
            exercise.counts = known.by_status;
            let others = [
                ("refused", known.refused),
                ("missing", known.missing),
                ("waiting", known.waiting),
            ];
            let some = others.into_iter().filter(|(_, count)| *count > 0);
            exercise.counts.extend(some.map(|(word, count)| (word.to_owned(), count)));
            exercise.pitfalls = known.by_pitfall;
        }
        Ok(())
    }
}
