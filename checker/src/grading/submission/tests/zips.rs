//! Zip archives that were made to deceive.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::archives::{options, zip};
use super::*;

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";

/// Writes `bytes` at this distance from each such header.
fn patch(archive: &mut [u8], header: &[u8], offset: usize, bytes: &[u8]) {
    let found: Vec<usize> =
        (0..archive.len() - 4).filter(|&i| archive[i..].starts_with(header)).collect();
    assert!(!found.is_empty());
    for at in found {
        archive[at + offset..at + offset + bytes.len()].copy_from_slice(bytes);
    }
}

fn packed(archive: &[u8]) -> Course {
    let course = Course::new();
    course.write("anna.zip", archive);
    course
}

#[test]
fn declared_sizes_are_not_believed() {
    let bomb = vec![b' '; 10_000_000];
    let mut archive = zip(&[("one.rs", &bomb)]);
    // It claims to be of ten bytes.
    patch(&mut archive, CENTRAL, 24, &10u32.to_le_bytes());
    patch(&mut archive, LOCAL, 22, &10u32.to_le_bytes());
    let anna = packed(&archive).only();
    assert!(matches!(anna.answers["one"], Answer::Refused(_)), "{anna:?}");
    // It claims to be of many.
    let mut archive = zip(&[("one.rs", b"mine")]);
    patch(&mut archive, CENTRAL, 24, &0x7FFF_FFFFu32.to_le_bytes());
    assert_eq!(refusal(&packed(&archive).only(), "one"), "submission-too-large");
}

#[test]
fn more_entries_than_there_are_end_at_the_end() {
    let mut archive = zip(&[("one.rs", b"mine")]);
    patch(&mut archive, END, 8, &[0xFE, 0xFF, 0xFE, 0xFF]);
    let anna = packed(&archive).only();
    assert!(notes(&anna).contains(&"submission-archive-damaged"), "{anna:?}");
}

#[test]
fn passwords_and_other_methods_are_told() {
    let mut archive = zip(&[("one.rs", b"mine")]);
    patch(&mut archive, CENTRAL, 8, &[1, 0]);
    patch(&mut archive, LOCAL, 6, &[1, 0]);
    assert_eq!(refusal(&packed(&archive).only(), "one"), "submission-encrypted");
    let mut archive = zip(&[("one.rs", b"mine")]);
    // LZMA
    patch(&mut archive, CENTRAL, 10, &[14, 0]);
    patch(&mut archive, LOCAL, 8, &[14, 0]);
    assert_eq!(refusal(&packed(&archive).only(), "one"), "submission-method");
}

#[test]
fn content_that_is_not_what_was_packed_is_refused() {
    let mut archive = zip(&[("one.rs", b"mine"), ("two.rs", b"mine")]);
    patch(&mut archive, CENTRAL, 16, &[1, 2, 3, 4]);
    let anna = packed(&archive).only();
    assert_eq!(refusal(&anna, "one"), "submission-damaged");
    assert_eq!(refusal(&anna, "two"), "submission-damaged");
}

#[test]
fn of_two_entries_of_one_name_none_is_taken() {
    for (second, expected) in [("theirs", "submission-two-in-one-place"), ("mine", "")] {
        let mut archive = zip(&[("one.rs", b"mine"), ("onX.rs", second.as_bytes())]);
        let twins: Vec<usize> =
            (0..archive.len() - 6).filter(|&i| &archive[i..i + 6] == b"onX.rs").collect();
        assert_eq!(twins.len(), 2);
        twins.iter().for_each(|&i| archive[i + 2] = b'e');
        let anna = packed(&archive).only();
        match expected {
            "" => assert_eq!(answers(&anna)["one"], "anna.zip/one.rs = mine"),
            key => assert_eq!(refusal(&anna, "one"), key),
        }
    }
}

#[test]
fn links_folders_and_devices_in_it_are_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = options();
    zip.add_symlink("one.rs", "/etc/passwd", options).unwrap();
    zip.add_directory("two.rs", options).unwrap();
    zip.start_file("gather_fetch.rs", options).unwrap();
    let mut archive = zip.finish().unwrap().into_inner();
    let anna = packed(&archive).only();
    assert_eq!(refusal(&anna, "one"), "submission-link");
    assert_eq!(refusal(&anna, "two"), "submission-folder");
    assert_eq!(answers(&anna)["gather_fetch"], "anna.zip/gather_fetch.rs = ");
    assert_eq!(notes(&anna), ["submission-links"]);
    // Whatever it was: a device now.
    patch(&mut archive, CENTRAL, 38, &(0o020_666u32 << 16).to_le_bytes());
    let anna = packed(&archive).only();
    assert_eq!(refusal(&anna, "gather_fetch"), "submission-special");
}

#[test]
fn names_are_taken_apart_as_on_windows_too_and_need_not_be_text() {
    let mut archive = zip(&[
        ("exercises\\01_first\\one.rs", b"mine"),
        ("???/two.rs", b"mine"),
        ("李/gather_fetch.rs", b""),
    ]);
    let at = (0..archive.len() - 3).filter(|&i| &archive[i..i + 3] == b"???").collect::<Vec<_>>();
    at.iter().for_each(|&i| archive[i..i + 3].copy_from_slice(b"\xFF\n\xFE"));
    let anna = packed(&archive).only();
    let answers = answers(&anna);
    assert_eq!(answers["one"], "anna.zip/exercises/01_first/one.rs = mine");
    assert!(answers["two"].ends_with("/two.rs = mine"), "{answers:?}");
    assert_eq!(answers["gather_fetch"], "anna.zip/李/gather_fetch.rs = ");
}

#[test]
fn a_zip_may_stand_behind_something_else() {
    let mut archive = vec![b'#'; 5000];
    archive.extend(zip(&[("one.rs", b"mine")]));
    assert_eq!(answers(&packed(&archive).only())["one"], "anna.zip/one.rs = mine");
}

#[test]
fn a_file_with_holes_is_not_searched_to_its_end() {
    let course = Course::new().with_limits(|limits| limits.archive = 1_000_000);
    let mut file = File::create(course.path("anna.zip")).unwrap();
    file.write_all(b"PK\x03\x04").unwrap();
    file.set_len(1 << 40).unwrap();
    let anna = course.only();
    assert!(anna.answers.is_empty());
    assert!(anna.notes.len() == 2, "{anna:?}");
}

#[test]
fn times_are_those_of_the_entries() {
    let time = zip::DateTime::from_date_and_time(2026, 1, 31, 23, 58, 58).unwrap();
    let none = zip::DateTime::DEFAULT;
    let cases = [(time, Some("2026-01-31T23:58:58Z")), (none, None)];
    for (time, expected) in cases {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().last_modified_time(time);
        zip.start_file("one.rs", options).unwrap();
        let anna = packed(&zip.finish().unwrap().into_inner()).only();
        assert_eq!(anna.submitted.map(|t| t.to_string()).as_deref(), expected);
        let odd = if expected.is_none() { vec!["submission-odd-time"] } else { vec![] };
        assert_eq!(notes(&anna), odd);
    }
}
