//! A search through a tar archive.

use std::io::{self, Read};

use tar::{Archive, Entry, EntryType};

use super::archive::{ended, enter, note_nested, turn_down};
use super::choice::Taken;
use super::meter::Allowance;
use super::odd::Odd;
use super::place::Place;
use super::search::{Search, read_within};
use super::times;

/// Searches a tar archive from its beginning to its end: it has no directory.
pub(super) fn search<R: Read>(reader: R, archive: &Place, packed: bool, search: &mut Search<'_>) {
    let mut tar = Archive::new(reader);
    let entries = match tar.entries() {
        Ok(entries) => entries,
        Err(error) => return ended(search, archive, error),
    };
    for entry in entries {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(error) => return ended(search, archive, error),
        };
        // What `git archive` begins with.
        if entry.header().entry_type() == EntryType::XGlobalHeader {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let Ok(place) = enter(archive, &path, packed, search) else { return };
        let Some(place) = place else { continue };
        match odd(&mut entry, &path) {
            Some(odd) => turn_down(&place, packed, odd, search),
            None => {
                note_nested(&place, search);
                let limits = search.limits;
                let used_up = search.unpacked.clone();
                search.offer(&place, packed, || Taken {
                    content: if entry.size() > limits.file {
                        Err(Odd::TooLarge(limits.file))
                    } else {
                        // It was measured on its way here.
                        let all = Allowance::new(u64::MAX);
                        let size = entry.size();
                        read_within(&mut entry, &limits, &all, |e| Odd::damaged(e))
                            .and_then(|content| whole(content, size))
                            .map_err(|odd| match used_up.is_used_up() {
                                true => Odd::UsedUp(limits.archive),
                                false => odd,
                            })
                    },
                    time: entry.header().mtime().ok().and_then(times::of_seconds),
                });
            }
        }
    }
}

/// What else it is than a file.
fn odd<R: Read>(entry: &mut Entry<'_, R>, path: &str) -> Option<Odd> {
    match entry.header().entry_type() {
        EntryType::Regular | EntryType::Continuous if path.ends_with('/') => Some(Odd::Folder),
        EntryType::Regular | EntryType::Continuous => is_sparse(entry).then_some(Odd::Special),
        EntryType::Directory => Some(Odd::Folder),
        EntryType::Symlink | EntryType::Link => Some(Odd::Link),
        _ => Some(Odd::Special),
    }
}

/// Whether it is a file with holes as POSIX archives have it: what stands
/// there is a map, not the content.
fn is_sparse<R: Read>(entry: &mut Entry<'_, R>) -> bool {
    let Ok(Some(extensions)) = entry.pax_extensions() else { return false };
    extensions.flatten().any(|extension| extension.key_bytes().starts_with(b"GNU.sparse."))
}

/// An archive that was cut off ends in the middle of a file.
fn whole(content: Vec<u8>, size: u64) -> Result<Vec<u8>, Odd> {
    if content.len() as u64 == size {
        Ok(content)
    } else {
        Err(Odd::damaged(io::Error::from(io::ErrorKind::UnexpectedEof)))
    }
}
