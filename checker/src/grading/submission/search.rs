//! One search through a submission: what was found so far, and how much more
//! may be read.

use std::collections::BTreeMap;
use std::io::Read;

use jiff::Timestamp;
use record::Fact;

use crate::grading::model::Answer;

use super::choice::{Choice, Chosen, Taken};
use super::meter::{Allowance, Meter};
use super::odd::Odd;
use super::place::Place;
use super::wanted::{Role, Wanted};
use super::{Limits, edition, times};

/// Entries of an archive that are passed over, for each that is looked at: a
/// build has many files, but not without end.
const PASSED: usize = 10;

/// A search through one submission.
pub(super) struct Search<'a> {
    pub wanted: &'a Wanted<'a>,
    pub limits: Limits,
    /// What may still be read of packed content.
    pub packed: Allowance,
    /// What may still be read of files and of unpacked content.
    pub unpacked: Allowance,
    /// How many more entries may be looked at.
    pub entries: usize,
    /// How many more may be passed over.
    passed: usize,
    answers: BTreeMap<&'a str, Choice>,
    edition: Choice,
    /// By the exercise that they might be meant for.
    similar: BTreeMap<&'a str, Place>,
    /// What is told once however often it is seen: how often, and where first.
    seen: BTreeMap<&'static str, (usize, Place)>,
    notes: Vec<Fact>,
}

/// What a submission holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub answers: BTreeMap<String, Answer>,
    pub edition: Option<String>,
    /// The newest time of what was taken.
    pub newest: Option<Timestamp>,
    pub notes: Vec<Fact>,
}

impl<'a> Search<'a> {
    pub fn new(wanted: &'a Wanted<'a>, limits: Limits) -> Self {
        Search {
            wanted,
            limits,
            packed: Allowance::new(limits.archive),
            unpacked: Allowance::new(limits.archive),
            entries: limits.entries,
            passed: limits.entries.saturating_mul(PASSED),
            answers: BTreeMap::new(),
            edition: Choice::default(),
            similar: BTreeMap::new(),
            seen: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// Tells of something about the whole submission.
    pub fn note(&mut self, fact: Fact) {
        self.notes.push(fact);
    }

    /// Tells of something at this place, once for all places.
    pub fn see(&mut self, key: &'static str, place: &Place) {
        let (count, first) = self.seen.entry(key).or_insert_with(|| (0, place.clone()));
        *count += 1;
        if place < first {
            *first = place.clone();
        }
    }

    /// Takes one more entry off those that may be looked at. False: that was
    /// too many, and the search ends.
    pub fn may_look_at(&mut self, place: &Place) -> bool {
        if self.entries == 0 {
            self.too_many(place);
            return false;
        }
        self.entries -= 1;
        true
    }

    /// Passes over one entry of an archive. False: the search ends.
    pub fn may_pass_over(&mut self, place: &Place) -> bool {
        if self.passed == 0 {
            self.too_many(place);
            return false;
        }
        self.passed -= 1;
        true
    }

    /// Tells that the search ended at this place.
    pub fn too_many(&mut self, place: &Place) {
        self.entries = 0;
        let fact = Fact::new("submission-too-many").with("limit", self.limits.entries);
        self.notes.push(fact.with("place", place));
    }

    /// Something that is not a file; it counts if it has the name of one that
    /// is looked for. `packed`: in an archive with a folder around it.
    pub fn offer_odd(&mut self, place: &Place, packed: bool, odd: Odd) {
        let standing = self.wanted.standing(place, packed);
        match self.wanted.role(place.name()) {
            Role::Answer(exercise) => {
                self.answers.entry(exercise).or_default().offer_odd(standing, place, odd);
            }
            Role::Edition => self.edition.offer_odd(standing, place, odd),
            Role::Similar(_) | Role::Other => {}
        }
    }

    /// A file, which is read only if it is looked for, and nearer than others.
    pub fn offer(&mut self, place: &Place, packed: bool, read: impl FnOnce() -> Taken) {
        let standing = self.wanted.standing(place, packed);
        match self.wanted.role(place.name()) {
            Role::Answer(exercise) => {
                self.answers.entry(exercise).or_default().offer(standing, place, read);
            }
            Role::Edition => self.edition.offer(standing, place, read),
            Role::Similar(exercise) => {
                let first = self.similar.entry(exercise).or_insert_with(|| place.clone());
                if place < first {
                    *first = place.clone();
                }
            }
            Role::Other => {}
        }
    }

    /// Whether there is a file for every exercise.
    pub fn is_complete(&self) -> bool {
        self.wanted.exercises().all(|name| self.answers.get(name).is_some_and(Choice::is_made))
    }

    /// What the search comes to.
    pub fn finish(mut self) -> Found {
        let mut found = Found::default();
        let mut late = Vec::new();
        for (exercise, choice) in self.answers {
            let Some(Chosen { answer, others }) = choice.settle() else { continue };
            let answer = match answer {
                Ok((place, content, time)) => {
                    match time {
                        Some(time) if times::believable(time) => {
                            found.newest = found.newest.max(Some(time));
                        }
                        Some(time) => late.push((place.clone(), time)),
                        None => {}
                    }
                    if let Some((count, other)) = others {
                        let fact = Fact::new("submission-others").with("taken", &place);
                        self.notes.push(fact.with("count", count).with("other", other));
                    }
                    Answer::Taken { place: place.to_string(), content }
                }
                Err(fact) => Answer::Refused(fact),
            };
            found.answers.insert(exercise.to_owned(), answer);
        }
        if let Some((place, time)) = late.first() {
            let fact = Fact::new("submission-odd-time").with("count", late.len());
            self.notes.push(fact.with("place", place).with("time", time));
        }
        for (exercise, place) in &self.similar {
            if !found.answers.contains_key(*exercise) {
                let fact = Fact::new("submission-similar").with("place", place);
                self.notes.push(fact.with("file", format_args!("{exercise}.rs")));
            }
        }
        if let Some(chosen) = self.edition.settle() {
            let (id, place) = match chosen.answer {
                Ok((place, content, _)) => (edition::id(&content), Some(place)),
                Err(fact) => {
                    self.notes.push(fact);
                    (None, None)
                }
            };
            if let (None, Some(place)) = (&id, place) {
                self.notes.push(Fact::new("submission-edition").with("place", place));
            }
            found.edition = id;
        }
        for (key, (count, place)) in self.seen {
            self.notes.push(Fact::new(key).with("count", count).with("place", place));
        }
        found.notes = self.notes;
        found
    }
}

/// Reads what is in a file: no more than the limit, whatever size it claims to
/// have, and no more than may still be read. `broken` says what an error means.
pub(super) fn read_within(
    reader: impl Read,
    limits: &Limits,
    allowance: &Allowance,
    broken: impl FnOnce(&std::io::Error) -> Odd,
) -> Result<Vec<u8>, Odd> {
    let mut content = Vec::new();
    let metered = Meter::new(reader, allowance);
    match metered.take(limits.file.saturating_add(1)).read_to_end(&mut content) {
        Ok(_) if content.len() as u64 > limits.file => Err(Odd::TooLarge(limits.file)),
        Ok(_) => Ok(content),
        Err(_) if allowance.is_used_up() => Err(Odd::UsedUp(limits.archive)),
        Err(error) => Err(broken(&error)),
    }
}
