//! What is looked for, and which of several is the one.

use std::collections::HashMap;

use crate::kit::Kit;

use super::place::Place;

/// The names of the files that are looked for.
pub(super) struct Wanted<'a> {
    /// By the file's name: the exercise and its chapter's folder.
    answers: HashMap<String, (&'a str, &'a str)>,
    /// By the exercise's name.
    exercises: HashMap<&'a str, &'a str>,
}

/// What a file is by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role<'a> {
    /// The answer to this exercise.
    Answer(&'a str),
    /// It says which student edition this is.
    Edition,
    /// Perhaps meant to be the answer to this exercise.
    Similar(&'a str),
    /// Nothing to us.
    Other,
}

/// The nearer to where a file belongs, the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Standing {
    /// In an archive, where there is a folder around it.
    packed: bool,
    nearness: Nearness,
    depth: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// In `exercises/` and the folder of its chapter.
    Chapter,
    /// Somewhere in `exercises/`.
    Exercises,
    Elsewhere,
}

const EDITION: &str = "edition.toml";
const EXERCISES: &str = "exercises";

impl<'a> Wanted<'a> {
    /// The files of the kit's exercises.
    pub fn of(kit: &'a Kit) -> Self {
        let exercises = kit.catalogue().exercises();
        let answers = exercises
            .map(|e| (format!("{}.rs", e.name), (e.name.as_str(), e.folder.as_str())))
            .collect();
        let exercises = kit.catalogue().exercises();
        let exercises = exercises.map(|e| (e.name.as_str(), e.name.as_str())).collect();
        Wanted { answers, exercises }
    }

    /// The names of all exercises.
    pub fn exercises(&self) -> impl Iterator<Item = &'a str> {
        self.exercises.values().copied()
    }

    /// What a file of this name is.
    pub fn role(&self, file: &str) -> Role<'a> {
        if file == EDITION {
            return Role::Edition;
        }
        if let Some((exercise, _)) = self.answers.get(file) {
            return Role::Answer(exercise);
        }
        self.similar(file).map_or(Role::Other, Role::Similar)
    }

    /// `Gather-Fetch.RS`, `gather_fetch (1).rs` and `gather_fetch.rs.txt` are
    /// what becomes of `gather_fetch.rs` on its way through other programs.
    fn similar(&self, file: &str) -> Option<&'a str> {
        let file = file.to_lowercase();
        let file = file.strip_suffix(".txt").unwrap_or(&file);
        let stem = file.strip_suffix(".rs")?.trim().replace(['-', ' '], "_");
        let digits = |c: char| c.is_ascii_digit();
        let copy = stem.trim_end_matches(')').trim_end_matches(digits).trim_end_matches('(');
        let copy = copy.trim_end_matches('_');
        let copy = copy.strip_suffix("_copy").unwrap_or(copy).trim_end_matches('_');
        [stem.as_str(), copy].iter().find_map(|name| self.exercises.get(name)).copied()
    }

    /// How near the file is to where it belongs. `packed`: it is in an archive
    /// that has a folder around it.
    pub fn standing(&self, place: &Place, packed: bool) -> Standing {
        let folders = place.folders();
        let right = |folder: &String| match self.answers.get(place.name()) {
            Some((_, chapter)) => folder == chapter,
            None => folder == EXERCISES,
        };
        // The edition stands in `exercises/` itself, an answer in a chapter.
        let around = match (self.answers.contains_key(place.name()), folders) {
            (true, [.., outer, _]) => outer == EXERCISES,
            (is_answer, _) => !is_answer,
        };
        let nearness = if around && folders.last().is_some_and(right) {
            Nearness::Chapter
        } else if folders.iter().any(|folder| folder == EXERCISES) {
            Nearness::Exercises
        } else {
            Nearness::Elsewhere
        };
        Standing { packed, nearness, depth: place.depth() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::tests::sample;

    #[test]
    fn names_say_what_a_file_is() {
        let (_folder, kit) = sample();
        let wanted = Wanted::of(&kit);
        let cases = [
            ("gather_fetch.rs", Role::Answer("gather_fetch")),
            ("edition.toml", Role::Edition),
            ("Gather_Fetch.RS", Role::Similar("gather_fetch")),
            ("gather-fetch.rs", Role::Similar("gather_fetch")),
            ("gather fetch.rs", Role::Similar("gather_fetch")),
            ("gather_fetch (1).rs", Role::Similar("gather_fetch")),
            ("gather_fetch-12.rs", Role::Similar("gather_fetch")),
            ("gather_fetch - Copy.rs", Role::Similar("gather_fetch")),
            ("gather_fetch.rs.txt", Role::Similar("gather_fetch")),
            ("gather_fetch.rs.bak", Role::Other),
            ("._gather_fetch.rs", Role::Other),
            ("gather_fetch.rs\0.txt", Role::Other),
            ("gather_fetch", Role::Other),
            ("main.rs", Role::Other),
            (".rs", Role::Other),
            ("", Role::Other),
        ];
        for (name, role) in cases {
            assert_eq!(wanted.role(name), role, "{name:?}");
        }
    }

    #[test]
    fn the_nearest_comes_first() {
        let (_folder, kit) = sample();
        let wanted = Wanted::of(&kit);
        let standing = |path: &str| wanted.standing(&Place::default().in_archive(path).0, false);
        // Each before the next.
        let order = [
            "exercises/01_first/one.rs",
            "a/exercises/01_first/one.rs",
            "exercises/one.rs",
            "exercises/03_third/one.rs",
            "a/exercises/x/01_first/one.rs",
            "one.rs",
            "01_first/one.rs",
            "a/b/one.rs",
        ];
        for pair in order.windows(2) {
            assert!(standing(pair[0]) < standing(pair[1]), "{pair:?}");
        }
        assert_eq!(standing("a/one.rs"), standing("b/one.rs"));
        assert!(standing("exercises/edition.toml") < standing("edition.toml"));
        let packed = wanted.standing(&Place::default().inner("one.rs"), true);
        assert!(standing("a/b/one.rs") < packed);
    }
}
