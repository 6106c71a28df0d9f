//! The student edition: the kit without answers, as a folder that works by
//! itself.
//!
//! It is made of what the kit's structure names (`files`), and Rust sources
//! lose what only authors, instructors and the project's own tests compile
//! (`source`). So no solution, hidden test, answer of the corpora or word
//! about them can come along by being forgotten.

mod cli;
mod conditions;
mod files;
mod lock;
mod manifest;
mod place;
mod source;
mod words;

use std::path::PathBuf;

pub use cli::ReleaseArgs;
use files::{Collector, Files};
use place::Place;
use toml_edit::{DocumentMut, Item};

use crate::catalogue::{Chapter, Exercise};
use crate::edition::{self, Edition};
use crate::hash::Key;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::stubs;

pub use crate::edition::edition_of;

/// Letters of an edition's id.
const ID: usize = 12;

/// Manifests of the packages in the workspace, with their folders.
const PACKAGES: [&str; 3] = ["checker", "checker/record", "tests/kit"];

/// What is to be made.
#[derive(Clone, Debug, Default)]
pub struct ReleaseOptions {
    /// Where to. Must not exist, or be an empty folder.
    pub folder: PathBuf,
    /// Numbers of the chapters; all of them if none is named.
    pub chapters: Vec<u32>,
    /// What the instructor calls it, in one line.
    pub label: Option<String>,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// Where it stands, absolute.
    pub folder: PathBuf,
    /// Which edition it is.
    pub edition: Edition,
    /// How many files it has.
    pub files: usize,
}

/// Writes a student edition of the kit.
///
/// # Errors
/// The folder is not free, there is no such chapter, a file of the kit is
/// missing or is not what it should be. Then nothing is written.
pub fn release(kit: &Kit, options: &ReleaseOptions) -> Result<Released> {
    let chapters = chosen(kit, &options.chapters)?;
    let label = label(options.label.as_deref())?;
    // Before any work: most mistakes are made here.
    let place = Place::prepare(kit, &options.folder)?;

    let mut collector = Collector::new(kit);
    collector.add_house()?;
    for exercise in exercises(&chapters) {
        collector.add_exercise(exercise)?;
    }
    add_words(&mut collector, &chapters)?;
    let version = add_manifests(&mut collector)?;
    let lock = collector.read("Cargo.lock")?;
    collector.add("Cargo.lock", lock);
    let mut files = collector.files;
    place.write(&files)?;
    files.insert("Cargo.lock".to_owned(), lock::prune(&place.folder())?.into_bytes());

    let edition = Edition {
        id: id(&files),
        label,
        kit: version,
        exercises: exercises(&chapters).map(|e| e.name.clone()).collect(),
    };
    let mut last = Files::new();
    last.insert(edition::FILE.to_owned(), words::edition(&edition).into_bytes());
    last.insert("README.md".to_owned(), words::readme(kit, &edition, &chapters).into_bytes());
    place.write(&last)?;
    files.append(&mut last);
    Ok(Released { folder: place.finish()?, edition, files: files.len() })
}

/// The chapters with these numbers, in the order of the catalogue.
fn chosen<'k>(kit: &'k Kit, numbers: &[u32]) -> Result<Vec<&'k Chapter>> {
    let all = &kit.catalogue().chapters;
    if let Some(unknown) = numbers.iter().find(|n| all.iter().all(|c| c.number != **n)) {
        let known: Vec<String> = all.iter().map(|c| c.number.to_string()).collect();
        return Err(Problem::new("release-no-chapter")
            .with("number", unknown)
            .with("known", known.join(", ")));
    }
    let wanted = |c: &&Chapter| numbers.is_empty() || numbers.contains(&c.number);
    let chapters: Vec<&Chapter> =
        all.iter().filter(wanted).filter(|c| !c.exercises.is_empty()).collect();
    if chapters.is_empty() {
        return Err(Problem::new("release-nothing"));
    }
    Ok(chapters)
}

fn exercises<'c>(chapters: &'c [&Chapter]) -> impl Iterator<Item = &'c Exercise> {
    chapters.iter().flat_map(|chapter| &chapter.exercises)
}

fn label(label: Option<&str>) -> Result<Option<String>> {
    match label.map(str::trim) {
        None => Ok(None),
        Some(label) if edition::is_label(label) => Ok(Some(label.to_owned())),
        Some(_) => Err(Problem::new("release-label")),
    }
}

/// The catalogue, the texts of the exercises, the list of stubs.
fn add_words(collector: &mut Collector<'_>, chapters: &[&Chapter]) -> Result<()> {
    const CATALOGUE: &str = "exercises/catalogue.toml";
    let text = collector.read_text(CATALOGUE)?;
    let catalogue = words::catalogue(&text, CATALOGUE, chapters)?;
    collector.add(CATALOGUE, catalogue.into_bytes());
    collector.add(".gitignore", words::ignored().as_bytes().to_vec());

    let languages = collector.languages()?;
    let mut list = String::new();
    for exercise in exercises(chapters) {
        let name = &exercise.name;
        let visible = format!("tests/{name}/visible.rs");
        let visible = words::tests(&collector.read_text(&visible)?, &visible)?;
        for language in &languages {
            let path = format!("exercises/text/{language}/{name}.toml");
            match collector.read_text(&path) {
                Ok(text) => {
                    let text = words::exercise(&text, &path, &visible)?;
                    collector.add(&path, text.into_bytes());
                }
                // English is whole, other languages need not be.
                Err(problem) if language == "en" => return Err(problem),
                Err(_) => {}
            }
        }
        let stub = format!("exercises/{}/{name}.rs", exercise.folder);
        if let Some(content) = collector.files.get(&stub) {
            list.push_str(&stubs::line(exercise, content));
        }
    }
    collector.add(stubs::LIST, stubs::sorted(&list).into_bytes());
    Ok(())
}

/// The manifests and cargo's settings. Returns the kit's version.
fn add_manifests(collector: &mut Collector<'_>) -> Result<String> {
    let mut packages: Vec<(String, &str, DocumentMut)> = Vec::new();
    for folder in PACKAGES {
        let path = format!("{folder}/Cargo.toml");
        packages.push((
            path.clone(),
            folder,
            manifest::parse(&collector.read_text(&path)?, &path)?,
        ));
        // That it will be there decides whether it stays a member.
        collector.add(&path, Vec::new());
    }
    for (_, folder, package) in &mut packages {
        manifest::prune_package(package, folder, &collector.files);
    }
    let mut root = manifest::parse(&collector.read_text("Cargo.toml")?, "Cargo.toml")?;
    manifest::prune_package(&mut root, "", &collector.files);
    let members: Vec<&DocumentMut> = packages.iter().map(|(_, _, package)| package).collect();
    manifest::prune_workspace(&mut root, &members, &collector.files);
    let package = root.get("workspace").and_then(|w| w.get("package"));
    let version = package.and_then(|p| p.get("version")).and_then(Item::as_str);
    let version = version.unwrap_or(env!("CARGO_PKG_VERSION")).to_owned();
    let mut root = root.to_string();
    let names = || collector.kit.catalogue().exercises().map(|e| e.name.as_str());
    let is_there = |name: &&str| collector.files.contains_key(&format!("tests/{name}/main.rs"));
    if let Some(first) = names().find(is_there) {
        // A comment takes one of the exercises as its example.
        for gone in names().filter(|name| !is_there(name)) {
            root = root.replace(&format!("--test {gone}`"), &format!("--test {first}`"));
        }
    }
    collector.add("Cargo.toml", root.into_bytes());
    for (path, _, package) in packages {
        collector.add(&path, package.to_string().into_bytes());
    }

    const SETTINGS: &str = ".cargo/config.toml";
    let mut settings = manifest::parse(&collector.read_text(SETTINGS)?, SETTINGS)?;
    if let Some(aliases) = settings.get_mut("alias").and_then(Item::as_table_like_mut) {
        let others: Vec<String> =
            aliases.iter().map(|(n, _)| n.to_owned()).filter(|n| n != "learn").collect();
        others.iter().for_each(|name| drop(aliases.remove(name)));
    }
    collector.add(SETTINGS, settings.to_string().into_bytes());
    Ok(version)
}

/// Short hash over what an answer can depend on. Not over prose and the
/// program: a better sentence makes no other edition.
fn id(files: &Files) -> String {
    let matters = |path: &str| {
        let is_prose = path.ends_with(".md") || path.starts_with("exercises/text/");
        let is_answered = path.starts_with("exercises/") && !is_prose;
        let is_test = path.starts_with("tests/") || path.starts_with("checker/record/");
        is_answered || is_test || path == "Cargo.toml" || path == "Cargo.lock"
    };
    let mut key = Key::new("edition 1");
    for (path, content) in files.iter().filter(|(path, _)| matters(path)) {
        // The same kit checked out on Windows is the same kit.
        key.add(path, content.iter().copied().filter(|b| *b != b'\r').collect::<Vec<u8>>());
    }
    let mut id = key.finish();
    id.truncate(ID);
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::tests::sample;

    #[test]
    fn chapters_are_chosen_by_number() {
        let (_folder, kit) = sample();
        let numbers = |wanted: &[u32]| {
            chosen(&kit, wanted).map(|all| all.iter().map(|c| c.number).collect::<Vec<_>>())
        };
        assert_eq!(numbers(&[]).unwrap(), [1, 3]);
        assert_eq!(numbers(&[3, 1, 3]).unwrap(), [1, 3]);
        assert_eq!(numbers(&[3]).unwrap(), [3]);
        let unknown = numbers(&[1, 2]).unwrap_err();
        assert_eq!(unknown.key(), "release-no-chapter");
        assert!(unknown.to_string().contains("1, 3"), "{unknown}");
    }

    #[test]
    fn a_label_is_one_line() {
        assert_eq!(label(Some(" Autumn 名 ")).unwrap().as_deref(), Some("Autumn 名"));
        assert_eq!(label(None).unwrap(), None);
        for bad in ["", "  ", "two\nlines", "\u{1b}[2J", &"x".repeat(201)] {
            assert_eq!(label(Some(bad)).unwrap_err().key(), "release-label", "{bad:?}");
        }
    }

    #[test]
    fn the_id_is_that_of_what_answers_depend_on() {
        let before = Files::from(
            [("exercises/01_a/one.rs", "a\nb\n"), ("README.md", "x"), ("checker/src/lib.rs", "p")]
                .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())),
        );
        let with = |path: &str, text: &str| {
            let mut files = before.clone();
            files.insert(path.to_owned(), text.as_bytes().to_vec());
            id(&files)
        };
        assert_eq!(id(&before).len(), ID);
        for (path, text) in [
            ("README.md", "y"),
            ("checker/src/lib.rs", "q"),
            ("exercises/01_a/README.md", "z"),
            ("exercises/text/en/one.toml", "z"),
            ("exercises/01_a/one.rs", "a\r\nb\r\n"),
        ] {
            assert_eq!(with(path, text), id(&before), "{path}");
        }
        for (path, text) in [
            ("exercises/01_a/one.rs", "a\nc\n"),
            ("exercises/catalogue.toml", "x"),
            ("tests/one/visible.rs", "x"),
            ("tests/kit/src/lib.rs", "x"),
            ("checker/record/src/lib.rs", "x"),
            ("Cargo.lock", "x"),
        ] {
            assert_ne!(with(path, text), id(&before), "{path}");
        }
    }
}
