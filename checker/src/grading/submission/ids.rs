//! Ids of those whom no roster names: the names of their submissions.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};

use record::Fact;

use crate::grading::roster::Roster;

use super::names::as_text;

/// Ids of those whom no roster names.
pub(super) struct OwnNames {
    /// By name: one name, one id.
    ids: HashMap<OsString, (String, Option<Fact>)>,
    taken: HashSet<String>,
}

impl OwnNames {
    pub fn new(roster: Option<&Roster>) -> Self {
        let students = roster.map_or(&[][..], Roster::students);
        OwnNames {
            ids: HashMap::new(),
            taken: students.iter().map(|student| student.id.clone()).collect(),
        }
    }

    /// The id for a submission of this name, and what is to be said about it.
    pub fn id(&mut self, name: &OsStr) -> (String, Option<Fact>) {
        if let Some(known) = self.ids.get(name) {
            return known.clone();
        }
        let text = as_text(name);
        let mut id = text.clone();
        let mut number = 2;
        while !self.taken.insert(id.clone()) {
            id = format!("{text}-{number}");
            number += 1;
        }
        let note = (name != id.as_str()).then(|| Fact::new("submission-own-name").with("id", &id));
        self.ids.insert(name.to_owned(), (id.clone(), note.clone()));
        (id, note)
    }
}
