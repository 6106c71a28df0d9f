//! A place on disk for what one check makes.
//!
//! The compiler uses its earlier work again only if all paths stay the same,
//! that of its output too. So an exercise has lasting places of its own, taken
//! one check at a time; whoever comes while the first is taken uses the second.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::problem::{Problem, Result};

/// More checks of one exercise at once than this get places that do not last.
const PLACES: usize = 16;

/// A folder that nobody else uses until this is dropped.
pub(crate) struct Workplace {
    folder: PathBuf,
    _held: Held,
}

/// What makes a place one's own; held, never looked at.
enum Held {
    Place(#[expect(dead_code)] File),
    Temporary(#[expect(dead_code)] tempfile::TempDir),
}

impl Workplace {
    /// The first place for this exercise that is free. `state` is where the
    /// checker keeps what it learns.
    pub fn take(state: &Path, exercise: &str) -> Result<Self> {
        let works = state.join("work");
        shut_to_others(&works).map_err(|e| Problem::io("write", &works, &e))?;
        let parent = works.join(exercise);
        let taken = (0..PLACES).find_map(|n| Workplace::try_take(parent.join(n.to_string())));
        let place = match taken {
            Some(place) => Ok(place),
            // All taken, or a file system without locks.
            None => tempfile::tempdir_in(&parent).map(|folder| Workplace {
                folder: folder.path().to_owned(),
                _held: Held::Temporary(folder),
            }),
        };
        let place = place.map_err(|e| Problem::io("write", &parent, &e))?;
        // What an earlier check left must not be taken for this one's.
        for left in ["records", "cases"] {
            match fs::remove_dir_all(place.file(left)) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(Problem::io("write", &place.file(left), &e));
                }
                _ => {}
            }
        }
        Ok(place)
    }

    fn try_take(folder: PathBuf) -> Option<Self> {
        fs::create_dir_all(&folder).ok()?;
        let lock = File::create(folder.join("lock")).ok()?;
        lock.try_lock().ok()?;
        Some(Workplace { folder, _held: Held::Place(lock) })
    }

    /// The place of a file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The place of a file that is going to be made, in a folder where nothing
    /// else is.
    pub fn output(&self, folder: &str, name: &str) -> Result<PathBuf> {
        Ok(self.emptied(folder)?.join(name))
    }

    /// A folder in it, without what was in there.
    pub fn emptied(&self, folder: &str) -> Result<PathBuf> {
        let folder = self.file(folder);
        match fs::remove_dir_all(&folder) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => {
                return Err(Problem::io("write", &folder, &e));
            }
            _ => {}
        }
        fs::create_dir_all(&folder).map_err(|e| Problem::io("write", &folder, &e))?;
        Ok(folder)
    }

    /// An empty folder in it.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.file(name);
        fs::create_dir_all(&folder).map_err(|e| Problem::io("write", &folder, &e))?;
        Ok(folder)
    }

    /// A source file with this text in it.
    pub fn source(&self, name: &str, text: &str) -> Result<PathBuf> {
        let file = self.file(name);
        disk::write_if_different(&file, text).map_err(|e| Problem::io("write", &file, &e))?;
        Ok(file)
    }
}

/// What is compiled here is run a moment later, and a confined compiler must
/// find folders that everybody may write to. So nobody else on this machine
/// may come this far.
#[cfg(unix)]
fn shut_to_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(folder)?;
    let mode = fs::metadata(folder)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(mode & 0o700))
}

#[cfg(not(unix))]
fn shut_to_others(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_come_to_a_place() {
        use std::os::unix::fs::PermissionsExt;
        let state = tempfile::tempdir().unwrap();
        let works = state.path().join("work");
        fs::create_dir(&works).unwrap();
        fs::set_permissions(&works, fs::Permissions::from_mode(0o755)).unwrap();
        let _place = Workplace::take(state.path(), "slot").unwrap();
        assert_eq!(fs::metadata(&works).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn two_checks_never_share_a_place_and_the_next_gets_the_first_again() {
        let state = tempfile::tempdir().unwrap();
        let one = Workplace::take(state.path(), "slot").unwrap();
        let two = Workplace::take(state.path(), "slot").unwrap();
        assert_ne!(one.folder, two.folder);
        let first = one.folder.clone();
        drop(one);
        assert_eq!(Workplace::take(state.path(), "slot").unwrap().folder, first);
    }

    #[test]
    fn when_all_places_are_taken_there_are_others() {
        let state = tempfile::tempdir().unwrap();
        let taken: Vec<Workplace> =
            (0..=PLACES).map(|_| Workplace::take(state.path(), "slot").unwrap()).collect();
        let folders: std::collections::BTreeSet<_> = taken.iter().map(|t| &t.folder).collect();
        assert_eq!(folders.len(), PLACES + 1);
    }

    #[test]
    fn nothing_of_an_earlier_check_is_left() {
        let state = tempfile::tempdir().unwrap();
        let one = Workplace::take(state.path(), "slot").unwrap();
        fs::write(one.folder("records").unwrap().join("0.json"), "{}").unwrap();
        let program = one.output("program", "old").unwrap();
        fs::write(&program, "old").unwrap();
        drop(one);
        let again = Workplace::take(state.path(), "slot").unwrap();
        assert!(!again.file("records").exists());
        assert!(!again.output("program", "old").unwrap().exists());
    }
}
