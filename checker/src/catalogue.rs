//! What the kit holds: `exercises/catalogue.toml`, read once.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use crate::problem::{Problem, Result};

/// All chapters, in the order of learning.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// The chapters.
    pub chapters: Vec<Chapter>,
}

/// One chapter: a folder of exercises with a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Its number; gaps are chapters to come.
    pub number: u32,
    /// Its folder, under `exercises/` and `solutions/`.
    pub folder: String,
    /// Its exercises, in the order of learning.
    pub exercises: Vec<Exercise>,
}

/// What an exercise is. Text stands elsewhere ([`crate::kit::Kit::text`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exercise {
    /// Its name, for ever: progress and submissions go by it.
    pub name: String,
    /// Its chapter's folder.
    pub folder: String,
    /// Sections of the asyncio tutorial that it covers.
    pub seed: Vec<String>,
    /// What a learner should plan for.
    pub minutes: u32,
    /// Weight in a grade.
    pub points: u32,
    /// Why the untouched stub is refused: a pitfall, or `todo`.
    pub stub: String,
    /// The pitfalls that its tests must catch.
    pub pitfalls: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    chapter: Vec<ChapterEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChapterEntry {
    number: u32,
    folder: Spanned<String>,
    #[serde(default)]
    exercise: Vec<ExerciseEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExerciseEntry {
    name: Spanned<String>,
    seed: Vec<String>,
    minutes: u32,
    points: u32,
    stub: String,
    pitfalls: Vec<Spanned<String>>,
}

impl Catalogue {
    /// Reads the catalogue.
    ///
    /// # Errors
    /// The file cannot be read, is not TOML of this shape, names an exercise
    /// or a chapter twice, or names a pitfall that there is not; with file,
    /// line and what to do.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|e| Problem::io("read", path, &e))?;
        Catalogue::parse(&text, path)
    }

    /// Reads the catalogue from `text`; `path` is for messages.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        let file: File = parse_toml(text, path)?;
        let at = |key: &str, span: Range<usize>| {
            Problem::new(key).with("path", path.display()).with("line", line_of(text, span.start))
        };
        let mut names = BTreeSet::new();
        let mut folders = BTreeSet::new();
        let mut chapters = Vec::new();
        for chapter in file.chapter {
            let folder = chapter.folder.get_ref().clone();
            if !is_name(&folder) {
                return Err(at("catalogue-bad-name", chapter.folder.span()).with("name", folder));
            }
            if !folders.insert(folder.clone()) {
                return Err(at("catalogue-twice", chapter.folder.span()).with("name", folder));
            }
            let mut exercises = Vec::new();
            for entry in chapter.exercise {
                let name = entry.name.get_ref().clone();
                if !is_name(&name) || name.starts_with(|c: char| c.is_ascii_digit()) {
                    return Err(at("catalogue-bad-name", entry.name.span()).with("name", name));
                }
                if !names.insert(name.clone()) {
                    return Err(at("catalogue-twice", entry.name.span()).with("name", name));
                }
                for id in &entry.pitfalls {
                    if record::pitfall::get(id.get_ref()).is_none() {
                        let similar = record::pitfall::similar_to(id.get_ref()).join(", ");
                        return Err(at("catalogue-unknown-pitfall", id.span())
                            .with("exercise", name)
                            .with("pitfall", id.get_ref())
                            .with("similar", if similar.is_empty() { "-" } else { &similar }));
                    }
                }
                exercises.push(Exercise {
                    name,
                    folder: folder.clone(),
                    seed: entry.seed,
                    minutes: entry.minutes,
                    points: entry.points,
                    stub: entry.stub,
                    pitfalls: entry.pitfalls.into_iter().map(Spanned::into_inner).collect(),
                });
            }
            chapters.push(Chapter { number: chapter.number, folder, exercises });
        }
        Ok(Catalogue { chapters })
    }

    /// All exercises, in the order of learning.
    pub fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.chapters.iter().flat_map(|c| &c.exercises)
    }

    /// How many exercises there are.
    pub fn len(&self) -> usize {
        self.exercises().count()
    }

    /// Whether there is no exercise at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The exercise with this name. A path to its file, or its file's name,
    /// does as well.
    ///
    /// # Errors
    /// There is none; the message proposes the names most like it.
    pub fn get(&self, name: &str) -> Result<&Exercise> {
        let stem = Path::new(name).file_stem().and_then(|s| s.to_str()).unwrap_or(name);
        self.exercises().find(|e| e.name == stem).ok_or_else(|| {
            let similar = self.similar_to(stem);
            let key =
                if similar.is_empty() { "unknown-exercise" } else { "unknown-exercise-similar" };
            Problem::new(key).with("name", stem).with("similar", similar.join(", "))
        })
    }

    /// The chapter that holds this exercise.
    pub fn chapter_of(&self, exercise: &Exercise) -> Option<&Chapter> {
        self.chapters.iter().find(|c| c.folder == exercise.folder)
    }

    /// The exercise after this one, None after the last.
    pub fn after(&self, exercise: &Exercise) -> Option<&Exercise> {
        self.exercises().skip_while(|e| e.name != exercise.name).nth(1)
    }

    /// The names most like `typed`, best first, at most three.
    pub fn similar_to(&self, typed: &str) -> Vec<&str> {
        const LIKE_ENOUGH: f64 = 0.75;
        let typed = typed.to_lowercase();
        let mut found: Vec<(f64, &str)> = self
            .exercises()
            .map(|e| (strsim::jaro_winkler(&typed, &e.name), e.name.as_str()))
            .filter(|(likeness, name)| {
                *likeness >= LIKE_ENOUGH || (typed.len() > 2 && name.contains(&typed))
            })
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.into_iter().map(|(_, name)| name).take(3).collect()
    }
}

/// Reads TOML, and says the file and the line of a mistake.
pub(crate) fn parse_toml<T: serde::de::DeserializeOwned>(text: &str, path: &Path) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        Problem::new("bad-toml")
            .with("path", path.display())
            .with("line", line)
            .with("error", error.message())
    })
}

/// The line of this byte, from 1.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|b| *b == b'\n').count()
}

/// Names become file names and Rust modules.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "exercises/catalogue.toml";

    fn parse(text: &str) -> Result<Catalogue> {
        Catalogue::parse(text, Path::new(PATH))
    }

    fn chapter(exercises: &[(&str, &str)]) -> String {
        let mut text = "[[chapter]]\nnumber = 1\nfolder = \"01_first\"\n".to_owned();
        for (name, pitfalls) in exercises {
            text.push_str(&format!(
                "[[chapter.exercise]]\nname = \"{name}\"\nseed = []\nminutes = 2\npoints = 10\n\
                 stub = \"todo\"\npitfalls = [{pitfalls}]\n"
            ));
        }
        text
    }

    #[test]
    fn exercises_stand_in_order_and_know_their_chapter() {
        let catalogue = parse(&chapter(&[("one", "\"busy-wake\""), ("two", "")])).unwrap();
        let names: Vec<&str> = catalogue.exercises().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["one", "two"]);
        let one = catalogue.get("one").unwrap();
        assert_eq!(catalogue.chapter_of(one).unwrap().number, 1);
        assert_eq!(catalogue.after(one).unwrap().name, "two");
        assert_eq!(catalogue.after(catalogue.get("two").unwrap()), None);
        assert_eq!(catalogue.get("exercises/01_first/two.rs").unwrap().name, "two");
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let twice = parse(&chapter(&[("one", ""), ("one", "")])).unwrap_err();
        assert_eq!(twice.key(), "catalogue-twice");
        assert!(twice.to_string().contains("catalogue.toml:12: `one`"), "{twice}");

        let unknown = parse(&chapter(&[("one", "\"sequential\"")])).unwrap_err();
        assert_eq!(unknown.key(), "catalogue-unknown-pitfall");
        assert!(unknown.to_string().contains("sequential-awaits"), "{unknown}");

        let field = parse(&chapter(&[("one", "")]).replace("points", "pints")).unwrap_err();
        assert_eq!(field.key(), "bad-toml");
        assert!(field.to_string().contains("catalogue.toml:8: unknown field `pints`"), "{field}");

        for name in ["One", "1st", "a/b", "..", ""] {
            let bad = parse(&chapter(&[(name, "")])).unwrap_err();
            assert_eq!(bad.key(), "catalogue-bad-name", "{name}");
        }
    }

    #[test]
    fn a_mistyped_name_is_guessed() {
        let catalogue = parse(&chapter(&[("gather_fetch", ""), ("slot", "")])).unwrap();
        let told = |name| catalogue.get(name).unwrap_err();
        assert_eq!(told("gather_fecth").key(), "unknown-exercise-similar");
        assert!(told("gather").to_string().contains("gather_fetch"));
        assert_eq!(told("zzz").key(), "unknown-exercise");
    }
}
