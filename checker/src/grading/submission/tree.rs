//! Folders that are opened one within the other and never through a link.
//!
//! A path may lead elsewhere between two looks at it. A folder that is held
//! open may not, so on Unix each step down starts from the open folder before.

use std::ffi::OsString;

/// What stands in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Folder,
    File,
    /// A symbolic link, or what else on Windows leads elsewhere.
    Link,
    /// A pipe, a socket, a device.
    Special,
}

/// What stands in a folder, in the order of names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Names {
    All(Vec<(OsString, Kind)>),
    /// More than was asked for.
    TooMany,
}

impl Names {
    fn sorted(mut names: Vec<(OsString, Kind)>) -> Self {
        names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Names::All(names)
    }
}

#[cfg(unix)]
pub(super) use unix::Tree;

#[cfg(unix)]
mod unix {
    use std::ffi::{OsStr, OsString};
    use std::fs::File;
    use std::io;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStringExt;
    use std::path::Path;

    use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, open, openat, statat};

    use super::{Kind, Names};

    /// An open folder.
    pub(in super::super) struct Tree(OwnedFd);

    /// Never through a link, and never waiting for the other end of a pipe.
    const CAREFUL: OFlags = OFlags::RDONLY
        .union(OFlags::NOFOLLOW)
        .union(OFlags::NONBLOCK)
        .union(OFlags::NOCTTY)
        .union(OFlags::CLOEXEC);

    impl Tree {
        /// The folder at `path`, which may be a link: whoever calls chose it.
        pub fn open(path: &Path) -> io::Result<Self> {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            Ok(Tree(open(path, flags, Mode::empty())?))
        }

        /// The folder of this name in it.
        pub fn folder(&self, name: &OsStr) -> io::Result<Tree> {
            Ok(Tree(openat(&self.0, name, CAREFUL | OFlags::DIRECTORY, Mode::empty())?))
        }

        /// The file of this name in it. Only what is a regular file after it
        /// was opened is one.
        pub fn file(&self, name: &OsStr) -> io::Result<File> {
            let file = File::from(openat(&self.0, name, CAREFUL, Mode::empty())?);
            match file.metadata()?.is_file() {
                true => Ok(file),
                false => Err(io::Error::from(io::ErrorKind::InvalidInput)),
            }
        }

        /// What is in it, if that is not more than `most`.
        pub fn names(&self, most: usize) -> io::Result<Names> {
            let mut names = Vec::new();
            for entry in Dir::read_from(&self.0)? {
                let entry = entry?;
                let name = entry.file_name();
                if matches!(name.to_bytes(), b"." | b"..") {
                    continue;
                }
                if names.len() == most {
                    return Ok(Names::TooMany);
                }
                let kind = match entry.file_type() {
                    // Some file systems do not say.
                    FileType::Unknown => {
                        let looked = statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
                        FileType::from_raw_mode(looked.st_mode)
                    }
                    known => known,
                };
                let kind = match kind {
                    FileType::Directory => Kind::Folder,
                    FileType::RegularFile => Kind::File,
                    FileType::Symlink => Kind::Link,
                    _ => Kind::Special,
                };
                names.push((OsString::from_vec(name.to_bytes().to_vec()), kind));
            }
            Ok(Names::sorted(names))
        }
    }
}

#[cfg(not(unix))]
pub(super) use elsewhere::Tree;

#[cfg(not(unix))]
mod elsewhere {
    use std::ffi::OsStr;
    use std::fs::{self, File, FileType};
    use std::io;
    use std::path::{Path, PathBuf};

    use super::{Kind, Names};

    /// A folder, by its path: here no folder can be held open.
    pub(in super::super) struct Tree(PathBuf);

    fn kind(found: FileType) -> Kind {
        match found {
            found if found.is_symlink() => Kind::Link,
            found if found.is_dir() => Kind::Folder,
            found if found.is_file() => Kind::File,
            _ => Kind::Special,
        }
    }

    impl Tree {
        pub fn open(path: &Path) -> io::Result<Self> {
            fs::read_dir(path)?;
            Ok(Tree(path.to_owned()))
        }

        pub fn folder(&self, name: &OsStr) -> io::Result<Tree> {
            let path = self.0.join(name);
            match kind(fs::symlink_metadata(&path)?.file_type()) {
                Kind::Folder => Ok(Tree(path)),
                _ => Err(io::Error::from(io::ErrorKind::NotADirectory)),
            }
        }

        pub fn file(&self, name: &OsStr) -> io::Result<File> {
            let path = self.0.join(name);
            match kind(fs::symlink_metadata(&path)?.file_type()) {
                Kind::File => File::open(path),
                _ => Err(io::Error::from(io::ErrorKind::InvalidInput)),
            }
        }

        pub fn names(&self, most: usize) -> io::Result<Names> {
            let mut names = Vec::new();
            for entry in fs::read_dir(&self.0)? {
                let entry = entry?;
                if names.len() == most {
                    return Ok(Names::TooMany);
                }
                names.push((entry.file_name(), kind(entry.file_type()?)));
            }
            Ok(Names::sorted(names))
        }
    }
}
