//! A search through a zip archive.

use std::io::{Read, Seek};
use std::str;

use jiff::Timestamp;
use zip::read::{Config, ZipFileEntry, ZipReadOptions};
// Its interface may change; but what is stable keeps the whole directory in
// memory, and of two entries of one name only one.
use zip::unstable::read::ZipIterable;
use zip::{ExtraField, SUPPORTED_COMPRESSION_METHODS};

use super::archive::{ended, enter, note_nested, turn_down};
use super::choice::Taken;
use super::meter::Allowance;
use super::odd::Odd;
use super::place::Place;
use super::search::{Search, read_within};
use super::{Limits, times};

/// Searches a zip archive. Its directory is read entry by entry, and of the
/// files only those that are needed.
pub(super) fn search<R: Read + Seek>(
    reader: R,
    archive: &Place,
    packed: bool,
    search: &mut Search<'_>,
) {
    let mut zip = match ZipIterable::try_new(reader, Config::default()) {
        Ok(zip) => zip,
        Err(error) => return ended(search, archive, error),
    };
    let entries = match zip.files() {
        Ok(entries) => entries,
        Err(error) => return ended(search, archive, error),
    };
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return ended(search, archive, error),
        };
        let Ok(place) = enter(archive, &path(&entry), packed, search) else { return };
        let Some(place) = place else { continue };
        match odd(&entry) {
            Some(odd) => turn_down(&place, packed, odd, search),
            None => {
                note_nested(&place, search);
                let (limits, allowance) = (search.limits, search.unpacked.clone());
                let read = || take(entry, entries.reader_mut(), &limits, &allowance);
                search.offer(&place, packed, read);
            }
        }
    }
}

/// The path as it is written if that is UTF-8: many programs do not say that
/// it is.
fn path(entry: &ZipFileEntry<'_>) -> String {
    match str::from_utf8(entry.name_raw()) {
        Ok(name) => name.to_owned(),
        Err(_) => entry.name().map_or_else(
            |_| String::from_utf8_lossy(entry.name_raw()).into_owned(),
            |name| name.into_owned(),
        ),
    }
}

/// What else it is than a file.
fn odd(entry: &ZipFileEntry<'_>) -> Option<Odd> {
    const KIND: u32 = 0o170_000;
    match entry.unix_mode().unwrap_or(0) & KIND {
        0o120_000 => Some(Odd::Link),
        0o040_000 => Some(Odd::Folder),
        0 | 0o100_000 => entry.is_dir().then_some(Odd::Folder),
        _ => Some(Odd::Special),
    }
}

fn take<R: Read + Seek>(
    entry: ZipFileEntry<'_>,
    reader: &mut R,
    limits: &Limits,
    allowance: &Allowance,
) -> Taken {
    let refused = |odd: Odd| Taken { content: Err(odd), time: None };
    if entry.encrypted() {
        return refused(Odd::Encrypted);
    }
    if !SUPPORTED_COMPRESSION_METHODS.contains(&entry.compression()) {
        return refused(Odd::Method);
    }
    if entry.size() > limits.file {
        return refused(Odd::TooLarge(limits.file));
    }
    let dos = entry.last_modified().and_then(times::of_zip);
    match entry.with_reader(reader, ZipReadOptions::new()) {
        Ok(mut file) => {
            let exact = file.extra_data_fields().find_map(exact_time);
            let content = read_within(&mut file, limits, allowance, |e| Odd::damaged(e));
            Taken { content, time: exact.or(dos) }
        }
        Err(error) => refused(Odd::damaged(error)),
    }
}

/// A time in UTC, which most programs write besides the one without a zone.
fn exact_time(field: &ExtraField) -> Option<Timestamp> {
    match field {
        ExtraField::ExtendedTimestamp(times) => {
            times.mod_time().and_then(|seconds| times::of_seconds(seconds.into()))
        }
        _ => None,
    }
}
