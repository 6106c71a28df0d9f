//! A search through a folder.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io;

use super::choice::Taken;
use super::meter::Allowance;
use super::names::{Packed, packed};
use super::odd::Odd;
use super::place::{Place, is_skipped};
use super::search::{Search, read_within};
use super::tree::{Kind, Names, Tree};
use super::wanted::Role;
use super::{Limits, archive, times};

/// More archives in one folder are nobody's way of handing in.
const ARCHIVES: usize = 16;

/// Searches a folder and what is in it, the outermost folders first; then, for
/// what was not found, the archives in it.
pub(super) fn search(root: &Tree, search: &mut Search<'_>) {
    let mut archives = Vec::new();
    walk(root, search, &mut archives);
    for (i, (path, place)) in archives.iter().enumerate() {
        if search.is_complete() {
            search.see("submission-archive-not-needed", place);
        } else if i >= ARCHIVES {
            search.see("submission-archives", place);
        } else {
            match open(root, path) {
                Ok(file) => archive::search(file, place, true, search),
                Err(error) => search.note(Odd::unreadable(&error).fact(place)),
            }
        }
    }
}

fn walk(root: &Tree, search: &mut Search<'_>, archives: &mut Vec<(Vec<OsString>, Place)>) {
    let mut queue = VecDeque::from([(Vec::new(), Place::default())]);
    while let Some((path, at)) = queue.pop_front() {
        let names =
            descend(root, &path).and_then(|folder| Ok((folder.names(search.entries)?, folder)));
        let (names, folder) = match names {
            Ok((Names::All(names), folder)) => (names, folder),
            Ok((Names::TooMany, _)) => return search.too_many(&at),
            Err(_) => {
                search.see("submission-folders-unreadable", &at);
                continue;
            }
        };
        search.entries -= names.len();
        for (name, kind) in names {
            let place = at.inner(&name.to_string_lossy());
            let path = || path.iter().chain([&name]).cloned().collect::<Vec<_>>();
            match kind {
                Kind::Folder if is_skipped(place.name()) => {}
                Kind::Folder => {
                    search.offer_odd(&place, false, Odd::Folder);
                    if place.depth() <= search.limits.depth {
                        queue.push_back((path(), place));
                    } else {
                        search.see("submission-too-deep", &place);
                    }
                }
                Kind::File if search.wanted.role(place.name()) == Role::Other => {
                    match packed(&name) {
                        Some((Packed::Readable, _)) => archives.push((path(), place)),
                        Some((Packed::Other, _)) => search.see("submission-packed-else", &place),
                        None => {}
                    }
                }
                Kind::File => {
                    let (limits, allowance) = (search.limits, search.unpacked.clone());
                    search.offer(&place, false, || take(&folder, &name, &limits, &allowance));
                }
                Kind::Link => {
                    search.offer_odd(&place, false, Odd::Link);
                    search.see("submission-links", &place);
                }
                Kind::Special => {
                    search.offer_odd(&place, false, Odd::Special);
                    search.see("submission-specials", &place);
                }
            }
        }
    }
}

/// Opens folder after folder: only the outermost is held open, or a broad tree
/// would need more open folders than a process may have.
fn descend(root: &Tree, path: &[OsString]) -> io::Result<Tree> {
    let Some((first, rest)) = path.split_first() else { return root.folder(OsStr::new(".")) };
    rest.iter().try_fold(root.folder(first)?, |folder, name| folder.folder(name))
}

fn open(root: &Tree, path: &[OsString]) -> io::Result<File> {
    let Some((name, folders)) = path.split_last() else {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    };
    descend(root, folders)?.file(name)
}

fn take(folder: &Tree, name: &OsStr, limits: &Limits, allowance: &Allowance) -> Taken {
    let opened = folder.file(name).and_then(|file| Ok((file.metadata()?, file)));
    match opened {
        Ok((before, file)) => Taken {
            content: read_steady(&file, &before, || file.metadata(), limits, allowance),
            time: times::of_file(&before),
        },
        Err(error) => Taken { content: Err(Odd::unreadable(&error)), time: None },
    }
}

/// Reads a file that must stay as it is meanwhile: half of one answer and half
/// of the next is neither.
fn read_steady(
    file: impl io::Read,
    before: &Metadata,
    after: impl FnOnce() -> io::Result<Metadata>,
    limits: &Limits,
    allowance: &Allowance,
) -> Result<Vec<u8>, Odd> {
    // A file with holes may be larger than any disk.
    if before.len() > limits.file {
        return Err(Odd::TooLarge(limits.file));
    }
    let content = read_within(file, limits, allowance, Odd::unreadable)?;
    let after = after().map_err(|e| Odd::unreadable(&e))?;
    let state = |metadata: &Metadata| (metadata.len(), metadata.modified().ok());
    if content.len() as u64 != before.len() || state(before) != state(&after) {
        return Err(Odd::Changed);
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_file_that_changes_while_it_is_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.rs");
        let limits = Limits::default();
        let allowance = Allowance::new(1000);
        let cases = [
            ("as it was", &b"12345"[..], 0, Ok(b"12345".to_vec())),
            ("longer", b"123456", 0, Err(Odd::Changed)),
            ("shorter", b"1234", 0, Err(Odd::Changed)),
            ("written again", b"54321", 1, Err(Odd::Changed)),
        ];
        for (what, content, later, expected) in cases {
            fs::write(&path, b"12345").unwrap();
            let file = File::options().write(true).open(&path).unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
            file.set_modified(time).unwrap();
            let before = fs::metadata(&path).unwrap();
            file.set_modified(time + Duration::from_secs(later)).unwrap();
            let after = || fs::metadata(&path);
            let read = read_steady(content, &before, after, &limits, &allowance);
            assert_eq!(read, expected, "{what}");
        }
    }
}
