//! Writing many files, all of them or none.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::problem::{Problem, Result};

/// Files to be written together.
#[derive(Default)]
pub struct Draft {
    new: Vec<(PathBuf, String)>,
    changed: Vec<(PathBuf, String)>,
}

impl Draft {
    /// A file that must not exist yet.
    pub fn add(&mut self, path: PathBuf, text: String) {
        self.new.push((path, text));
    }

    /// A file that exists and gets other content.
    pub fn change(&mut self, path: PathBuf, text: String) {
        self.changed.push((path, text));
    }

    /// Writes everything. If anything fails, everything is as it was.
    ///
    /// # Errors
    /// A new file exists already, or a file cannot be written.
    pub fn write(self) -> Result<Written> {
        if let Some((path, _)) = self.new.iter().find(|(path, _)| path.exists()) {
            return Err(Problem::new("new-exists").with("path", path.display()));
        }
        let mut undo = Undo::default();
        for (path, text) in &self.new {
            undo.make_folder_of(path)?;
            undo.files.push(path.clone());
            put(path, text)?;
        }
        for (path, text) in &self.changed {
            let before = fs::read(path).map_err(|e| Problem::io("read", path, &e))?;
            undo.contents.push((path.clone(), before));
            put(path, text)?;
        }
        undo.forget();
        let paths = |files: Vec<(PathBuf, String)>| files.into_iter().map(|(p, _)| p).collect();
        Ok(Written { new: paths(self.new), changed: paths(self.changed) })
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Files that are new.
    pub new: Vec<PathBuf>,
    /// Files that were there and have changed.
    pub changed: Vec<PathBuf>,
}

/// Never half a file: whoever reads it meanwhile sees the old or the new one.
fn put(path: &Path, text: &str) -> Result<()> {
    let write = || {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().set_permissions(permissions(path)?)?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|e: std::io::Error| Problem::io("write", path, &e))
}

/// Those of the file that is replaced, or what a new file gets: a temporary
/// file would be its owner's alone.
fn permissions(path: &Path) -> std::io::Result<fs::Permissions> {
    if let Ok(existing) = fs::metadata(path) {
        return Ok(existing.permissions());
    }
    fs::File::create(path)?.metadata().map(|m| m.permissions())
}

/// Takes everything back when dropped.
#[derive(Default)]
struct Undo {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
    contents: Vec<(PathBuf, Vec<u8>)>,
}

impl Undo {
    fn make_folder_of(&mut self, path: &Path) -> Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let missing: Vec<&Path> = folder.ancestors().take_while(|a| !a.exists()).collect();
        // Outermost first, so that each is known before the next can fail.
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder).map_err(|e| Problem::io("write", folder, &e))?;
            self.folders.push(folder.to_owned());
        }
        Ok(())
    }

    fn forget(mut self) {
        self.folders.clear();
        self.files.clear();
        self.contents.clear();
    }
}

impl Drop for Undo {
    /// As well as it goes: the reason for it is on its way to a person.
    fn drop(&mut self) {
        for (path, before) in &self.contents {
            let _ = fs::write(path, before);
        }
        for path in &self.files {
            let _ = fs::remove_file(path);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_or_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::write(at("old"), "before").unwrap();
        fs::write(at("file"), "not a folder").unwrap();

        let mut draft = Draft::default();
        draft.add(at("a/b/new"), "new".to_owned());
        draft.change(at("old"), "after".to_owned());
        // Below a file there can be no folder.
        draft.change(at("file/inside"), "never".to_owned());
        assert_eq!(draft.write().unwrap_err().key(), "cannot-read");
        assert!(!at("a").exists());
        assert_eq!(fs::read_to_string(at("old")).unwrap(), "before");

        let mut draft = Draft::default();
        draft.add(at("a/b/new"), "new".to_owned());
        draft.change(at("old"), "after".to_owned());
        let written = draft.write().unwrap();
        assert_eq!((written.new.len(), written.changed.len()), (1, 1));
        assert_eq!(fs::read_to_string(at("a/b/new")).unwrap(), "new");
        assert_eq!(fs::read_to_string(at("old")).unwrap(), "after");

        let mut draft = Draft::default();
        draft.change(at("old"), "again".to_owned());
        draft.add(at("a/b/new"), "twice".to_owned());
        assert_eq!(draft.write().unwrap_err().key(), "new-exists");
        assert_eq!(fs::read_to_string(at("old")).unwrap(), "after");
    }
}
