//! A kit with one small exercise, to be damaged by tests.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use asynclings::kit::Kit;
use toml_edit::{Array, DocumentMut, value};

use super::alone::alone;

/// The kit, fresh, for one test at a time. It stands at the same place each
/// time, so that what it is compiled with is built once.
pub struct MiniKit {
    root: PathBuf,
    _alone: File,
}

/// What is a kit's own; the rest is what cargo and the engine keep.
const OURS: [&str; 5] = ["exercises", "solutions", "tests", "checker", ".asynclings"];

impl MiniKit {
    pub fn lay_out() -> Self {
        let alone = alone("mini_kit");
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mini_kit");
        let checker = Path::new(env!("CARGO_MANIFEST_DIR"));
        let repository = checker.parent().unwrap();
        let mut files = tree(&checker.join("tests/mini_kit/files"));
        for folder in ["tests/kit", "checker/record", "exercises/text"] {
            let inner = tree(&repository.join(folder));
            files.extend(
                inner.into_iter().map(|(file, bytes)| (Path::new(folder).join(file), bytes)),
            );
        }
        for file in ["Cargo.lock", "rustfmt.toml", "exercises/pitfalls.toml", "tests/toolbox.rs"] {
            files.insert(file.into(), fs::read(repository.join(file)).unwrap());
        }
        let text = |file: &str| fs::read_to_string(repository.join(file)).unwrap();
        let mut add = |file: &str, text: String| files.insert(file.into(), text.into_bytes());
        add("Cargo.toml", manifest(&text("Cargo.toml")));
        add("checker/Cargo.toml", EMPTY_CHECKER.to_owned());
        add("checker/src/lib.rs", String::new());
        add("tests/pair/main.rs", main_of_pair(&text("tests/gather_fetch/main.rs")));
        add("exercises/01_pairs/README.md", lesson());
        add("README.md", "| chapter | `pair` |\n".to_owned());

        let kit = MiniKit { root, _alone: alone };
        for file in kit.all_files().into_keys().filter(|file| !files.contains_key(file)) {
            fs::remove_file(kit.root.join(file)).unwrap();
        }
        files.iter().for_each(|(file, bytes)| kit.put(file, bytes));
        kit
    }

    pub fn open(&self) -> Kit {
        Kit::open(&self.root).unwrap_or_else(|problem| panic!("{problem}"))
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).unwrap()
    }

    pub fn write(&self, file: &str, text: &str) {
        self.put(Path::new(file), text.as_bytes());
    }

    pub fn remove(&self, file: &str) {
        fs::remove_file(self.root.join(file)).unwrap();
    }

    /// Every file of the kit with its content.
    pub fn all_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut all = BTreeMap::new();
        for folder in OURS {
            let inner = tree(&self.root.join(folder));
            all.extend(
                inner.into_iter().map(|(file, bytes)| (Path::new(folder).join(file), bytes)),
            );
        }
        for file in ["Cargo.toml", "Cargo.lock", "rustfmt.toml"] {
            all.extend(fs::read(self.root.join(file)).map(|bytes| (file.into(), bytes)));
        }
        all
    }

    /// Writes only what differs: cargo goes by time.
    fn put(&self, file: &Path, bytes: &[u8]) {
        let path = self.root.join(file);
        if fs::read(&path).is_ok_and(|old| old == bytes) {
            return;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Stands in for the checker, which nobody here wants built twice.
const EMPTY_CHECKER: &str = include_str!("empty_checker.toml");

/// The project's own manifest, for this one exercise.
fn manifest(of_the_project: &str) -> String {
    let mut manifest: DocumentMut = of_the_project.parse().unwrap();
    manifest["workspace"]["members"] =
        value(Array::from_iter(["tests/kit", "checker", "checker/record"]));
    let targets = manifest["test"].as_array_of_tables_mut().unwrap();
    targets.retain(|t| t["name"].as_str().is_some_and(|n| n == "toolbox" || n == "gather_fetch"));
    manifest.to_string().replace("gather_fetch", "pair")
}

fn main_of_pair(of_another: &str) -> String {
    of_another.replace("01_first_awaits", "01_pairs").replace("gather_fetch", "pair")
}

fn lesson() -> String {
    format!("# Pairs\n\npair\n{}\n", "word ".repeat(550))
}

/// All files under a folder, by their path from there.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = PathBuf::from(entry.file_name());
        if entry.path().is_dir() {
            let inner = tree(&entry.path());
            files.extend(inner.into_iter().map(|(file, bytes)| (name.join(file), bytes)));
        } else {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    files
}
