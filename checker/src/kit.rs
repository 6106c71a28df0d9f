//! The kit on disk: its root, and where everything of an exercise stands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize;

use crate::catalogue::{Catalogue, Chapter, Exercise, parse_toml};
use crate::problem::{Problem, Result};

/// A kit: the folder with `exercises/`, `tests/` and all that belongs to it.
#[derive(Clone, Debug)]
pub struct Kit {
    root: PathBuf,
    catalogue: Catalogue,
}

/// What a learner reads of one exercise: `exercises/text/LANGUAGE/NAME.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExerciseText {
    /// A few words.
    pub title: String,
    /// What to do, in a sentence or two.
    pub goal: String,
    /// The counterpart in Python's asyncio.
    pub python: String,
    /// Three tiers: a nudge, a direction, almost the answer.
    pub hints: [String; 3],
    /// What each test demands, by the test function's name.
    #[serde(default)]
    pub tests: BTreeMap<String, String>,
}

impl Kit {
    /// The kit around the current folder, or the one this program was built
    /// from if the current folder is in none.
    ///
    /// # Errors
    /// There is none, or its catalogue has a mistake.
    pub fn find() -> Result<Self> {
        let here = env::current_dir().map_err(|e| Problem::io("read", Path::new("."), &e))?;
        Kit::find_from(&here)
    }

    /// The kit around `folder`.
    ///
    /// # Errors
    /// There is none, or its catalogue has a mistake.
    pub fn find_from(folder: &Path) -> Result<Self> {
        let folder = std::path::absolute(folder).map_err(|e| Problem::io("read", folder, &e))?;
        let root = folder
            .ancestors()
            .find(|a| a.join("Cargo.toml").is_file() && a.join(CATALOGUE).is_file())
            .ok_or_else(|| Problem::new("no-kit").with("folder", folder.display()))?;
        Kit::open(root)
    }

    /// The kit whose root is `root`.
    ///
    /// # Errors
    /// Its catalogue is missing or has a mistake.
    pub fn open(root: &Path) -> Result<Self> {
        let root = std::path::absolute(root).map_err(|e| Problem::io("read", root, &e))?;
        let catalogue = Catalogue::read(&root.join(CATALOGUE))?;
        Ok(Kit { root, catalogue })
    }

    /// The folder that holds it all.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What exercises there are.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The file that a learner works on.
    pub fn stub(&self, exercise: &Exercise) -> PathBuf {
        self.file_in("exercises", exercise)
    }

    /// The reference answer. A student edition has none.
    pub fn solution(&self, exercise: &Exercise) -> PathBuf {
        self.file_in("solutions", exercise)
    }

    /// The folder of the exercise's tests.
    pub fn tests(&self, exercise: &Exercise) -> PathBuf {
        self.root.join("tests").join(&exercise.name)
    }

    /// The lesson of the exercise's chapter.
    pub fn lesson(&self, exercise: &Exercise) -> PathBuf {
        self.root.join("exercises").join(&exercise.folder).join("README.md")
    }

    /// What a learner reads of an exercise, in the reader's language or in
    /// English.
    ///
    /// # Errors
    /// The file is missing or has a mistake.
    pub fn text(&self, exercise: &Exercise) -> Result<ExerciseText> {
        let folder = self.root.join("exercises").join("text");
        let file = format!("{}.toml", exercise.name);
        let own = folder.join(record::text::language()).join(&file);
        let path = if own.is_file() { own } else { folder.join("en").join(&file) };
        let text = fs::read_to_string(&path).map_err(|e| Problem::io("read", &path, &e))?;
        parse_toml(&text, &path)
    }

    /// The chapter's name: the first heading of its lesson, else its folder.
    pub fn chapter_title(&self, chapter: &Chapter) -> String {
        let lesson = self.root.join("exercises").join(&chapter.folder).join("README.md");
        let lesson = fs::read_to_string(lesson).unwrap_or_default();
        let heading = lesson.lines().find_map(|line| line.strip_prefix("# ")).map(str::trim);
        heading.map_or_else(|| chapter.folder.replace('_', " "), str::to_owned)
    }

    /// `path` as a person in the kit's root would write it.
    pub fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }

    /// Checks that every exercise has its stub, its tests and its text.
    ///
    /// # Errors
    /// The first file that is missing, or has a mistake.
    pub fn check_files(&self) -> Result<()> {
        for exercise in self.catalogue.exercises() {
            let tests = self.tests(exercise);
            for file in [self.stub(exercise), tests.join("main.rs"), tests.join("visible.rs")] {
                if !file.is_file() {
                    return Err(Problem::new("missing-file")
                        .with("exercise", &exercise.name)
                        .with("path", self.shown(&file)));
                }
            }
            self.text(exercise)?;
        }
        Ok(())
    }

    /// Where cargo puts what it builds for this kit.
    ///
    /// Asking cargo would take longer than many a check. The environment says
    /// it, or the place of this program if it was built from this kit, or it
    /// is the usual one. Were all three wrong, there would be two target
    /// folders, and nothing worse.
    pub fn target(&self) -> PathBuf {
        let said = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"];
        if let Some(folder) = said.iter().find_map(env::var_os) {
            return self.root.join(folder);
        }
        let built_here = Path::new(env!("CARGO_MANIFEST_DIR")).parent() == Some(&self.root);
        let own = env::current_exe().ok().filter(|_| built_here);
        let own = own
            .as_deref()
            .and_then(|exe| exe.ancestors().skip(1).find(|a| a.join("CACHEDIR.TAG").is_file()));
        own.map_or_else(|| self.root.join("target"), Path::to_owned)
    }

    /// Where the checker keeps what it learns: all of it can be thrown away.
    pub fn state(&self) -> PathBuf {
        self.target().join("asynclings")
    }

    fn file_in(&self, tree: &str, exercise: &Exercise) -> PathBuf {
        self.root.join(tree).join(&exercise.folder).join(format!("{}.rs", exercise.name))
    }
}

const CATALOGUE: &str = "exercises/catalogue.toml";

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    const SAMPLE: &str = r#"
[[chapter]]
number = 1
folder = "01_first"

[[chapter.exercise]]
name = "one"
seed = ["1.1"]
minutes = 2
points = 10
stub = "todo"
pitfalls = ["sequential-awaits"]

[[chapter.exercise]]
name = "two"
seed = []
minutes = 3
points = 10
stub = "todo"
pitfalls = []

[[chapter]]
number = 3
folder = "03_third"

[[chapter.exercise]]
name = "gather_fetch"
seed = []
minutes = 3
points = 10
stub = "todo"
pitfalls = []
"#;

    /// A kit with a catalogue, and stubs of chapter 1.
    pub(crate) fn sample() -> (tempfile::TempDir, Kit) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::write(root.join("Cargo.toml"), "[package]\nname = \"sample\"\n").unwrap();
        fs::create_dir_all(root.join("exercises/01_first")).unwrap();
        fs::write(root.join(CATALOGUE), SAMPLE).unwrap();
        fs::write(root.join("exercises/01_first/one.rs"), "pub fn one() { todo!() }\n").unwrap();
        fs::write(root.join("exercises/01_first/two.rs"), "pub fn two() { todo!() }\n").unwrap();
        let kit = Kit::open(root).unwrap();
        (folder, kit)
    }

    #[test]
    fn the_kit_is_found_from_any_folder_in_it() {
        let (_folder, kit) = sample();
        let inside = kit.root().join("exercises/01_first");
        assert_eq!(Kit::find_from(&inside).unwrap().root(), kit.root());
        let elsewhere = tempfile::tempdir().unwrap();
        let error = Kit::find_from(elsewhere.path()).unwrap_err();
        assert_eq!(error.key(), "no-kit");
    }

    #[test]
    fn what_is_missing_is_named_with_its_exercise() {
        let (_folder, kit) = sample();
        let error = kit.check_files().unwrap_err().to_string();
        assert!(error.contains("one") && error.contains("tests/one/main.rs"), "{error}");
        assert!(!error.contains(&kit.root().display().to_string()), "relative: {error}");
    }

    #[test]
    fn text_is_read_with_its_mistakes_placed() {
        let (_folder, kit) = sample();
        let one = kit.catalogue().get("one").unwrap();
        let file = kit.root().join("exercises/text/en/one.toml");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let good = "title = 't'\ngoal = 'g'\npython = 'p'\nhints = ['1', '2', '3']\n\
                    [tests]\nworks = 'It works.'\n";
        fs::write(&file, good).unwrap();
        let text = kit.text(one).unwrap();
        assert_eq!((text.hints[2].as_str(), text.tests["works"].as_str()), ("3", "It works."));
        fs::write(&file, good.replace("python = 'p'", "snake = 'p'")).unwrap();
        let error = kit.text(one).unwrap_err().to_string();
        assert!(error.contains("one.toml:3"), "{error}");
    }
}
