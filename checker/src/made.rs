//! What is made of the toolbox once, and used by every check from then on.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::cancel::Cancel;
use crate::disk;
use crate::problem::{Problem, Result};

/// What belongs to a build that nobody has used for so long is cleared away:
/// who writes a kit has a new one after each change.
const KEPT: Duration = Duration::from_secs(24 * 3_600);

/// In the folder of a build: its date is that of the last use.
const USED: &str = "used";

/// The folder `name` of this build of the toolbox, as `make` filled it: now if
/// nobody has yet. What an interrupted `make` left is thrown away.
pub(crate) fn once(
    state: &Path,
    build: &str,
    name: &str,
    cancel: &Cancel,
    make: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let builds = state.join("made");
    let own = builds.join(build);
    let (folder, whole) = (own.join(name), own.join(format!("{name}.whole")));
    if !whole.is_file() {
        let _making = disk::lock(&own.join(format!("{name}.lock")), cancel)?;
        if !whole.is_file() {
            empty(&folder).map_err(|e| Problem::io("write", &folder, &e))?;
            make(&folder)?;
            fs::write(&whole, "").map_err(|e| Problem::io("write", &whole, &e))?;
            clear(&builds, &own);
        }
    }
    // Who cannot note it loses only time, some day.
    let _ = note_use(&own);
    Ok(folder)
}

fn empty(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::create_dir_all(folder),
    }
}

fn note_use(own: &Path) -> io::Result<()> {
    let used = File::options().create(true).truncate(false).write(true).open(own.join(USED))?;
    used.set_modified(SystemTime::now())
}

/// Removes what other builds have left that are no longer used.
fn clear(builds: &Path, own: &Path) {
    let is_old = |folder: &Path| {
        let used = folder.join(USED).metadata().and_then(|used| used.modified());
        used.is_ok_and(|used| used.elapsed().is_ok_and(|since| since > KEPT))
    };
    for entry in fs::read_dir(builds).into_iter().flatten().flatten() {
        let folder = entry.path();
        if folder != own && is_old(&folder) {
            // What is still open somewhere goes the next time.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(state: &Path, build: &str, text: &str) -> Result<String> {
        let folder = once(state, build, "thing", &Cancel::new(), |folder| {
            assert_eq!(fs::read_dir(folder).unwrap().count(), 0, "nothing is in the way");
            fs::write(folder.join("half"), text).unwrap();
            match text {
                "fails" => Err(Problem::new("cancelled")),
                _ => Ok(()),
            }
        })?;
        Ok(fs::read_to_string(folder.join("half")).unwrap())
    }

    #[test]
    fn a_build_makes_it_once_and_whole() {
        let state = tempfile::tempdir().unwrap();
        assert!(make(state.path(), "a", "fails").is_err());
        assert_eq!(make(state.path(), "a", "first").unwrap(), "first");
        assert_eq!(make(state.path(), "a", "again").unwrap(), "first");
        assert_eq!(make(state.path(), "b", "another").unwrap(), "another");
        assert_eq!(make(state.path(), "a", "again").unwrap(), "first");
    }

    #[test]
    fn builds_that_are_no_longer_used_are_cleared_away() {
        let state = tempfile::tempdir().unwrap();
        let builds = state.path().join("made");
        for build in ["old", "used again", "young"] {
            make(state.path(), build, build).unwrap();
        }
        let long_ago = SystemTime::now() - 2 * KEPT;
        for build in ["old", "used again"] {
            let used = File::options().write(true).open(builds.join(build).join(USED)).unwrap();
            used.set_modified(long_ago).unwrap();
        }
        make(state.path(), "used again", "").unwrap();
        make(state.path(), "new", "new").unwrap();
        let there = |build: &&str| builds.join(build).is_dir();
        let left = ["old", "used again", "young", "new"].into_iter().filter(there);
        assert_eq!(left.collect::<Vec<_>>(), ["used again", "young", "new"]);
    }
}
