//! A search through an archive, without unpacking it.

use std::fs::File;
use std::io::{BufReader, Read, Seek};

use flate2::read::MultiGzDecoder;
use record::Fact;

use super::meter::Meter;
use super::names::{harmless, packed as is_archive};
use super::odd::Odd;
use super::place::Place;
use super::search::Search;
use super::{tarred, zipped};

/// Searches an archive at this place. `packed`: there is a folder around it.
pub(super) fn search(mut file: File, place: &Place, packed: bool, search: &mut Search<'_>) {
    let mut magic = Vec::new();
    let sniffed = file.by_ref().take(4).read_to_end(&mut magic).and_then(|_| file.rewind());
    if let Err(error) = sniffed {
        return search.note(Odd::unreadable(&error).fact(place));
    }
    let file = Meter::new(file, &search.packed);
    // Names are often wrong about what an archive is.
    if magic.starts_with(&[0x1F, 0x8B]) {
        let unpacked = MultiGzDecoder::new(BufReader::new(file));
        tarred::search(Meter::new(unpacked, &search.unpacked), place, packed, search);
    } else if magic.starts_with(b"PK") || place.name().to_lowercase().ends_with(".zip") {
        zipped::search(file, place, packed, search);
    } else {
        let unpacked = BufReader::new(file);
        tarred::search(Meter::new(unpacked, &search.unpacked), place, packed, search);
    }
}

/// Why the search through an archive ends before its end.
pub(super) fn ended(search: &mut Search<'_>, place: &Place, error: impl std::fmt::Display) {
    let fact = if search.packed.is_used_up() || search.unpacked.is_used_up() {
        let limit = search.limits.archive.div_ceil(1024 * 1024);
        Fact::new("submission-archive-too-large").with("limit", limit)
    } else {
        let error = harmless(&error.to_string());
        Fact::new("submission-archive-damaged").with("error", error)
    };
    search.note(fact.with("place", place));
}

/// Meets an entry that is something else than a file.
pub(super) fn turn_down(place: &Place, packed: bool, odd: Odd, search: &mut Search<'_>) {
    match odd {
        Odd::Folder => {}
        Odd::Link => search.see("submission-links", place),
        _ => search.see("submission-specials", place),
    }
    search.offer_odd(place, packed, odd);
}

/// Archives within archives are not opened.
pub(super) fn note_nested(place: &Place, search: &mut Search<'_>) {
    if is_archive(place.name().as_ref()).is_some() {
        search.see("submission-nested", place);
    }
}

/// Where an entry of an archive stands, if it is to be looked at: not in a
/// folder of builds, not too deep. Err: the search is over.
pub(super) fn enter(
    archive: &Place,
    path: &str,
    packed: bool,
    search: &mut Search<'_>,
) -> Result<Option<Place>, ()> {
    let (place, inside) = archive.in_archive(path);
    if place.is_skipped() {
        return if search.may_pass_over(&place) { Ok(None) } else { Err(()) };
    }
    if !search.may_look_at(&place) {
        return Err(());
    }
    if inside.is_err() {
        search.offer_odd(&place, packed, Odd::Climbs);
        search.see("submission-climbing", &place);
        return Ok(None);
    }
    if place.folders().len() > search.limits.depth {
        search.see("submission-too-deep", &place);
        return Ok(None);
    }
    Ok(Some(place))
}
