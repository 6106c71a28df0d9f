//! Where an edition is written: whole, or not at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::files::Files;
use crate::kit::Kit;
use crate::problem::{Problem, Result};

/// A folder that will be the edition once all is in it.
pub struct Place {
    /// Where it will stand in the end.
    target: PathBuf,
    /// Beside it, with the edition inside. Goes away by itself.
    scratch: TempDir,
}

impl Place {
    /// Makes ready for an edition at `folder`.
    ///
    /// # Errors
    /// There is something already, no folder to put it in, or it would lie in
    /// the kit where git would keep it.
    pub fn prepare(kit: &Kit, folder: &Path) -> Result<Self> {
        let target = std::path::absolute(folder).map_err(|e| Problem::io("write", folder, &e))?;
        let refused = |key: &str| Problem::new(key).with("path", folder.display());
        let (Some(above), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(refused("release-not-empty"));
        };
        let above = match fs::canonicalize(above) {
            Ok(above) if above.is_dir() => above,
            _ => return Err(refused("release-no-folder").with("above", above.display())),
        };
        let target = above.join(name);
        let root = kit.root();
        let root = fs::canonicalize(root).map_err(|e| Problem::io("read", root, &e))?;
        if target.starts_with(&root) && !is_ignored(&root, &target) {
            return Err(refused("release-inside-kit"));
        }
        if !is_free(&target)? {
            return Err(refused("release-not-empty"));
        }
        let scratch = tempfile::Builder::new().prefix(".release-").tempdir_in(&above);
        let scratch = scratch.map_err(|e| Problem::io("write", &above, &e))?;
        let place = Place { target, scratch };
        // A temporary folder is its owner's alone; what is in it is not.
        fs::create_dir(place.folder()).map_err(|e| Problem::io("write", &place.folder(), &e))?;
        Ok(place)
    }

    /// The edition as long as it is being written.
    pub fn folder(&self) -> PathBuf {
        self.scratch.path().join("edition")
    }

    /// Writes files of the edition.
    ///
    /// # Errors
    /// One of them cannot be written.
    pub fn write(&self, files: &Files) -> Result<()> {
        for (path, content) in files {
            let path = self.folder().join(path);
            let folder = path.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder).map_err(|e| Problem::io("write", folder, &e))?;
            fs::write(&path, content).map_err(|e| Problem::io("write", &path, &e))?;
        }
        Ok(())
    }

    /// Gives the edition its name. Returns where it stands.
    ///
    /// # Errors
    /// Something has come there meanwhile.
    pub fn finish(self) -> Result<PathBuf> {
        // An empty folder may be there. Whoever has put something into it
        // meanwhile keeps it.
        if let Err(error) = fs::remove_dir(&self.target)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(Problem::io("write", &self.target, &error));
        }
        fs::rename(self.folder(), &self.target)
            .map_err(|e| Problem::io("write", &self.target, &e))?;
        Ok(self.target)
    }
}

/// Nothing is there, or an empty folder. A link is something.
fn is_free(target: &Path) -> Result<bool> {
    let found = match fs::symlink_metadata(target) {
        Ok(found) => found,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(Problem::io("read", target, &error)),
    };
    if !found.is_dir() {
        return Ok(false);
    }
    let mut entries = fs::read_dir(target).map_err(|e| Problem::io("read", target, &e))?;
    Ok(entries.next().is_none())
}

/// Git is there and says so. Where it cannot be asked, better no edition than
/// one that the next commit takes in.
fn is_ignored(root: &Path, target: &Path) -> bool {
    let mut command = Command::new("git");
    command.args(["check-ignore", "--quiet", "--"]).arg(target).current_dir(root);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::tests::sample;

    fn refused(kit: &Kit, folder: &Path) -> String {
        match Place::prepare(kit, folder) {
            Err(problem) => problem.key().to_owned(),
            Ok(_) => "nothing".to_owned(),
        }
    }

    fn names(folder: &Path) -> Vec<PathBuf> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    #[test]
    fn only_a_free_place_outside_the_kit_will_do() {
        let (_folder, kit) = sample();
        let outside = tempfile::tempdir().unwrap();
        let at = |path: &str| outside.path().join(path);
        fs::create_dir(at("full")).unwrap();
        fs::write(at("full/.hidden"), "").unwrap();
        fs::write(at("file"), "").unwrap();
        fs::create_dir(at("empty")).unwrap();
        for (path, key) in [
            (at("full"), "release-not-empty"),
            (at("file"), "release-not-empty"),
            (at("missing/new"), "release-no-folder"),
            (at("file/new"), "release-no-folder"),
            (PathBuf::from("/"), "release-not-empty"),
            (kit.root().join("new"), "release-inside-kit"),
            (kit.root().join("exercises/../new"), "release-inside-kit"),
            (kit.root().to_owned(), "release-inside-kit"),
            (at("empty"), "nothing"),
            (at("new"), "nothing"),
        ] {
            assert_eq!(refused(&kit, &path), key, "{}", path.display());
        }
        assert_eq!(names(outside.path()).len(), 3, "nothing is left behind");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(at("empty"), at("link")).unwrap();
            assert_eq!(refused(&kit, &at("link")), "release-not-empty");
            std::os::unix::fs::symlink(kit.root(), at("door")).unwrap();
            assert_eq!(refused(&kit, &at("door/new")), "release-inside-kit");
        }
    }

    #[test]
    fn it_is_there_at_the_end_and_not_before() {
        let (_folder, kit) = sample();
        let outside = tempfile::tempdir().unwrap();
        let target = outside.path().join("new");
        fs::create_dir(&target).unwrap();
        let place = Place::prepare(&kit, &target).unwrap();
        place.write(&Files::from([("a/b.txt".to_owned(), b"x".to_vec())])).unwrap();
        assert!(names(&target).is_empty());
        let written = place.finish().unwrap();
        assert_eq!(fs::read(written.join("a/b.txt")).unwrap(), b"x");
        assert_eq!(names(outside.path()).len(), 1);

        let late = outside.path().join("late");
        let place = Place::prepare(&kit, &late).unwrap();
        fs::create_dir(&late).unwrap();
        fs::write(late.join("mine"), "").unwrap();
        assert_eq!(place.finish().unwrap_err().key(), "cannot-write");
        assert!(late.join("mine").is_file());
        assert_eq!(names(outside.path()).len(), 2, "what was begun is gone");
    }
}
