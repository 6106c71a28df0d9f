//! A copy of this kit that may be changed, without its checker.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, value};

/// What exercises and their tests need.
const FOLDERS: [&str; 4] = ["exercises", "solutions", "tests", "checker/record"];

const FILES: [&str; 3] = ["Cargo.lock", "rustfmt.toml", "tests/toolbox.rs"];

/// Stands in for the checker, which nobody here wants built twice.
const EMPTY_CHECKER: &str = include_str!("../mini_kit/empty_checker.toml");

/// Makes `root` a copy of the kit. What is there already and the same stays as
/// it is, so that cargo has nothing to build anew.
pub fn lay_out(root: &Path) {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut ours = BTreeSet::new();
    for folder in FOLDERS {
        for file in files_under(&repository.join(folder)) {
            let inner = file.strip_prefix(repository).unwrap().to_owned();
            put(&root.join(&inner), &fs::read(&file).unwrap());
            ours.insert(inner);
        }
        for file in files_under(&root.join(folder)) {
            if !ours.contains(file.strip_prefix(root).unwrap()) {
                fs::remove_file(file).unwrap();
            }
        }
    }
    for file in FILES {
        put(&root.join(file), &fs::read(repository.join(file)).unwrap());
    }
    let manifest = fs::read_to_string(repository.join("Cargo.toml")).unwrap();
    let mut manifest: DocumentMut = manifest.parse().unwrap();
    manifest["workspace"]["members"] =
        value(Array::from_iter(["tests/kit", "checker", "checker/record"]));
    put(&root.join("Cargo.toml"), manifest.to_string().as_bytes());
    put(&root.join("checker/Cargo.toml"), EMPTY_CHECKER.as_bytes());
    put(&root.join("checker/src/lib.rs"), b"");
}

/// Writes only what differs: cargo goes by time.
pub fn put(path: &Path, bytes: &[u8]) {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}
