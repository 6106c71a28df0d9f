//! A folder of submissions: who handed in, and, one after the other, what.

use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use record::Fact;

use crate::grading::model::{Student, Submission};
use crate::grading::roster::Roster;
use crate::kit::Kit;
use crate::problem::{Problem, Result};

use super::ids::OwnNames;
use super::names::{Packed, as_text, harmless, packed, without_end};
use super::odd::Odd;
use super::place::Place;
use super::search::{Found, Search};
use super::tree::{Kind, Names, Tree};
use super::wanted::Wanted;
use super::{Limits, archive, folder};

/// A folder of submissions. It holds names only; what is in a submission is
/// read by [`read`](Self::read), and then it is the caller's.
pub struct Batch<'a> {
    folder: PathBuf,
    tree: Tree,
    wanted: Wanted<'a>,
    roster: Option<&'a Roster>,
    limits: Limits,
    sources: Vec<Source>,
    notes: Vec<(String, Vec<Fact>)>,
}

/// One student, and what there is of theirs in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// [`Student::id`].
    pub student: String,
    /// In the order of names; empty if nothing was handed in.
    entries: Vec<Entry>,
    notes: Vec<Fact>,
}

/// One folder or archive.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    name: OsString,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Folder,
    Archive(Packed),
}

/// What systems leave in folders by themselves.
const LITTER: [&str; 4] = [".DS_Store", "__MACOSX", "Thumbs.db", "desktop.ini"];

impl<'a> Batch<'a> {
    /// Looks who handed in: each folder and each archive in `folder` is a
    /// submission. With a roster they are put down to its students, and those
    /// who handed in nothing are there too.
    ///
    /// # Errors
    /// The folder cannot be read, is itself a submission, or holds none and
    /// there is no roster of those who could have handed in.
    pub fn open(
        folder: &Path,
        kit: &'a Kit,
        roster: Option<&'a Roster>,
        limits: Limits,
    ) -> Result<Self> {
        let unreadable = |e: std::io::Error| match e.kind() {
            std::io::ErrorKind::NotADirectory => {
                Problem::new("submission-not-a-folder").with("path", folder.display())
            }
            _ => Problem::io("read", folder, &e),
        };
        let tree = Tree::open(folder).map_err(unreadable)?;
        let mut batch = Batch {
            folder: folder.to_owned(),
            tree,
            wanted: Wanted::of(kit),
            roster,
            limits,
            sources: Vec::new(),
            notes: Vec::new(),
        };
        // The instructor's own folder may be as large as the course.
        let Names::All(names) = batch.tree.names(usize::MAX).map_err(unreadable)? else {
            return Err(Problem::new("submission-no-list").with("path", folder.display()));
        };
        let has = |name: &str| names.iter().any(|(n, _)| n == name);
        if has("Cargo.toml") && has("exercises") {
            return Err(Problem::new("submission-one-only").with("path", folder.display()));
        }
        for (column, known) in roster.into_iter().flat_map(Roster::doubts) {
            let doubt = Fact::new("roster-doubt").with("known", known);
            batch.notes.push((column.clone(), vec![doubt]));
        }
        batch.sort_out(names);
        if batch.sources.is_empty() {
            return Err(Problem::new("submission-nobody").with("path", folder.display()));
        }
        if batch.sources.iter().all(|source| source.entries.is_empty()) {
            // A whole course may be idle; most often it is the wrong folder.
            let nobody = vec![Fact::new("submission-all-idle")];
            batch.notes.push((folder.display().to_string(), nobody));
        }
        Ok(batch)
    }

    /// Who handed in what: first the roster's students in its order, then the
    /// others by id.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// What stands in the folder and is nobody's submission, and why.
    pub fn notes(&self) -> &[(String, Vec<Fact>)] {
        &self.notes
    }

    /// Who it is: the roster's student, or one with nothing but an id.
    pub fn student(&self, source: &Source) -> Student {
        let known = self.roster.and_then(|roster| roster.get(&source.student));
        let unknown = || Student { id: source.student.clone(), ..Student::default() };
        known.cloned().unwrap_or_else(unknown)
    }

    /// Reads what a student handed in. Whatever stands there, this ends and
    /// says what it found.
    pub fn read(&self, source: &Source) -> Submission {
        let mut best: Option<(&Entry, Found)> = None;
        let mut left = Vec::new();
        for entry in &source.entries {
            let found = self.found_in(entry);
            let worth = |found: &Found| (!found.answers.is_empty(), found.newest);
            // Of equal ones the last by name.
            match &best {
                Some((_, kept)) if worth(kept) > worth(&found) => left.push(&entry.name),
                _ => left.extend(best.replace((entry, found)).map(|(entry, _)| &entry.name)),
            }
        }
        let mut notes = source.notes.clone();
        if !source.entries.is_empty() {
            notes.extend(self.note_on_stranger(&source.student));
        }
        let Some((entry, found)) = best else {
            return Submission {
                student: source.student.clone(),
                source: self.folder.clone(),
                edition: None,
                submitted: self.said(&source.student),
                answers: BTreeMap::new(),
                notes,
            };
        };
        if !left.is_empty() {
            let left: Vec<String> = left.into_iter().map(|name| as_text(name)).collect();
            let fact = Fact::new("submission-again").with("taken", as_text(&entry.name));
            notes.push(fact.with("left", harmless(&left.join(", "))));
        }
        if found.answers.is_empty() {
            notes.push(Fact::new("submission-nothing").with("source", as_text(&entry.name)));
        }
        notes.extend(found.notes);
        Submission {
            student: source.student.clone(),
            source: self.folder.join(&entry.name),
            edition: found.edition,
            submitted: self.said(&source.student).or(found.newest),
            answers: found.answers,
            notes,
        }
    }

    /// When the roster says that it was handed in.
    fn said(&self, student: &str) -> Option<jiff::Timestamp> {
        self.roster.and_then(|roster| roster.submitted(student))
    }

    fn note_on_stranger(&self, student: &str) -> Option<Fact> {
        let roster = self.roster.filter(|roster| roster.get(student).is_none())?;
        Some(match roster.similar_to(student) {
            Some(similar) => Fact::new("submission-stranger-similar").with("similar", similar),
            None => Fact::new("submission-stranger"),
        })
    }

    fn found_in(&self, entry: &Entry) -> Found {
        // The readers of archives are others' work, and a panic in one of them
        // is no reason to leave everybody else without marks.
        let searched = catch_unwind(AssertUnwindSafe(|| {
            let mut search = Search::new(&self.wanted, self.limits);
            self.search(entry, &mut search);
            search.finish()
        }));
        searched.unwrap_or_else(|_| Found {
            notes: vec![Fact::new("submission-gave-up").with("source", as_text(&entry.name))],
            ..Found::default()
        })
    }

    fn search(&self, entry: &Entry, search: &mut Search<'_>) {
        let place = Place::default().inner(&as_text(&entry.name));
        let opened = match entry.form {
            Form::Folder => self.tree.folder(&entry.name).map(|tree| folder::search(&tree, search)),
            Form::Archive(Packed::Readable) => {
                self.tree.file(&entry.name).map(|file| archive::search(file, &place, false, search))
            }
            Form::Archive(Packed::Other) => {
                return search.see("submission-packed-else", &place);
            }
        };
        if let Err(error) = opened {
            search.note(Odd::unreadable(&error).fact(&place));
        }
    }

    /// Puts down what stands in the folder to students.
    fn sort_out(&mut self, names: Vec<(OsString, Kind)>) {
        let mut by_student: HashMap<String, Source> = HashMap::new();
        let mut own_names = OwnNames::new(self.roster);
        for (name, kind) in names {
            let form = match self.form(&name, kind) {
                Ok(form) => form,
                Err(None) => continue,
                Err(Some(key)) => {
                    self.notes.push((as_text(&name), vec![Fact::new(key)]));
                    continue;
                }
            };
            let stem = match form {
                Form::Folder => name.clone(),
                Form::Archive(_) => without_end(&name),
            };
            let known = stem.to_str().and_then(|stem| self.roster?.find(stem));
            let (student, note) = match known {
                Some(student) => (student.id.clone(), None),
                None => own_names.id(&stem),
            };
            let source = by_student.entry(student.clone()).or_insert_with(|| Source {
                student,
                entries: Vec::new(),
                notes: Vec::new(),
            });
            source.entries.push(Entry { name, form });
            source.notes.extend(note);
            source.notes.dedup();
        }
        let students = self.roster.map_or(&[][..], Roster::students);
        let of_roster = students.iter().map(|student| {
            by_student.remove(&student.id).unwrap_or_else(|| Source {
                student: student.id.clone(),
                entries: Vec::new(),
                notes: Vec::new(),
            })
        });
        self.sources = of_roster.collect();
        let mut others: Vec<Source> = by_student.into_values().collect();
        others.sort_by(|a, b| a.student.cmp(&b.student));
        self.sources.extend(others);
    }

    /// Whether it is a submission; else the key of a sentence that says why
    /// not, or nothing for what nobody would take for one.
    fn form(&self, name: &OsStr, kind: Kind) -> Result<Form, Option<&'static str>> {
        if LITTER.iter().any(|litter| name == *litter) {
            return Err(None);
        }
        if name.as_encoded_bytes().starts_with(b".") {
            return Err(Some("submission-hidden"));
        }
        match kind {
            Kind::Folder => Ok(Form::Folder),
            Kind::File => match packed(name) {
                Some((packed, _)) => Ok(Form::Archive(packed)),
                None => Err(Some("submission-loose")),
            },
            Kind::Link => Err(Some("submission-source-link")),
            Kind::Special => Err(Some("submission-source-special")),
        }
    }
}

impl Source {
    /// Whether the student handed in anything.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
