//! Which student edition submissions were made from, and whether that is what
//! the kit would hand out now.

use std::collections::{BTreeMap, BTreeSet};

use record::Fact;
use serde::{Deserialize, Serialize};

use crate::check::{Keys, Options};
use crate::disk;
use crate::grading::release::{ReleaseOptions, release};
use crate::hash::Key;
use crate::kit::Kit;
use crate::problem::{Problem, Result};

/// Making an edition takes seconds, so its id is kept.
#[derive(Serialize, Deserialize)]
struct Known {
    key: String,
    ids: BTreeSet<String>,
}

/// What to say of submissions whose edition the kit does not make now, `seen`
/// being how many there are of each, and `graded` the exercises of the course.
pub(super) fn notes(kit: &Kit, graded: &[&str], seen: &BTreeMap<String, usize>) -> Vec<Fact> {
    if seen.is_empty() {
        return Vec::new();
    }
    let ids = match ids(kit, graded) {
        Ok(ids) => ids,
        Err(problem) => return vec![Fact::new("grade-edition-unsure").with("problem", problem)],
    };
    let current = ids.iter().cloned().collect::<Vec<_>>().join(", ");
    let other = seen.iter().filter(|(edition, _)| !ids.contains(*edition));
    let fact = |(edition, count): (&String, &usize)| {
        Fact::new("grade-edition")
            .with("edition", edition)
            .with("count", count)
            .with("current", &current)
    };
    other.map(fact).collect()
}

/// The ids of the editions with all chapters, and with those of the course.
fn ids(kit: &Kit, graded: &[&str]) -> Result<BTreeSet<String>> {
    let file = kit.state().join("editions.json");
    let key = state_of(kit, graded)?;
    if let Some(known) = disk::recall::<Known>(&file).filter(|known| known.key == key) {
        return Ok(known.ids);
    }
    let chapters = kit.catalogue().chapters.iter();
    let of_course = |e: &crate::catalogue::Exercise| graded.contains(&e.name.as_str());
    let some: Vec<u32> =
        chapters.filter(|c| c.exercises.iter().any(of_course)).map(|c| c.number).collect();
    let mut ids = BTreeSet::new();
    for chapters in BTreeSet::from([Vec::new(), some]) {
        let place =
            tempfile::tempdir().map_err(|e| Problem::io("write", &std::env::temp_dir(), &e))?;
        let options =
            ReleaseOptions { folder: place.path().join("edition"), chapters, label: None };
        ids.insert(release(kit, &options)?.edition.id);
    }
    disk::remember(&file, &Known { key, ids: ids.clone() });
    Ok(ids)
}

/// Changes with whatever an edition is made of. Of all exercises, whichever are
/// graded in this run.
fn state_of(kit: &Kit, graded: &[&str]) -> Result<String> {
    let mut key = Key::new("editions");
    key.add("graded", graded.join(" "));
    for exercise in kit.catalogue().exercises() {
        key.add(&exercise.name, Keys::read(kit, exercise, &Options::default())?.of(""));
    }
    Ok(key.finish())
}
