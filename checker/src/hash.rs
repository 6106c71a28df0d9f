//! Keys made of content. Never of time stamps: a file may be new and bear an
//! old date.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use hmac_sha256::Hash;

/// Collects what a key depends on. Every part is added with its name and its
/// length, so that no two different collections look the same.
pub(crate) struct Key(Hash);

impl Key {
    /// A key for one purpose.
    pub fn new(purpose: &str) -> Self {
        let mut key = Key(Hash::new());
        key.add("purpose", purpose);
        key
    }

    pub fn add(&mut self, name: &str, bytes: impl AsRef<[u8]>) {
        for part in [name.as_bytes(), bytes.as_ref()] {
            self.0.update((part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
    }

    /// Adds a file; that it is missing is content as well.
    pub fn add_file(&mut self, name: &str, path: &Path) -> io::Result<()> {
        match fs::read(path) {
            Ok(bytes) => self.add(name, bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.add(name, "missing"),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Adds all files with this ending under `folder`, at any depth.
    pub fn add_tree(&mut self, folder: &Path, ending: &str) -> io::Result<()> {
        for file in files_under(folder, ending)? {
            let name = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().into_owned();
            self.add_file(&name, &file)?;
        }
        Ok(())
    }

    /// The key in hexadecimal digits.
    pub fn finish(self) -> String {
        hexadecimal(&self.0.finalize())
    }
}

/// Bytes in hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The files with this ending under `folder`, in one order everywhere. None if
/// there is no such folder.
pub(crate) fn files_under(folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if entry.path().extension().is_some_and(|e| e == ending) {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The folders directly in `folder`, in one order everywhere.
pub(crate) fn folders_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(parts: &[(&str, &str)]) -> String {
        let mut key = Key::new("test");
        parts.iter().for_each(|(name, bytes)| key.add(name, bytes));
        key.finish()
    }

    #[test]
    fn keys_differ_where_content_does() {
        assert_eq!(key(&[("a", "bc")]), key(&[("a", "bc")]));
        assert_ne!(key(&[("a", "bc")]), key(&[("ab", "c")]));
        assert_ne!(key(&[("a", "b"), ("c", "d")]), key(&[("c", "d"), ("a", "b")]));
        assert_ne!(key(&[("a", "")]), key(&[]));
    }

    #[test]
    fn a_tree_is_its_names_and_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let tree = || {
            let mut key = Key::new("tree");
            key.add_tree(folder.path(), "rs").unwrap();
            key.finish()
        };
        let empty = tree();
        fs::create_dir(folder.path().join("inner")).unwrap();
        fs::write(folder.path().join("inner/a.rs"), "one").unwrap();
        let one = tree();
        assert_ne!(empty, one);
        fs::write(folder.path().join("other.txt"), "not asked for").unwrap();
        assert_eq!(one, tree());
        fs::rename(folder.path().join("inner/a.rs"), folder.path().join("inner/b.rs")).unwrap();
        assert_ne!(one, tree());
    }
}
