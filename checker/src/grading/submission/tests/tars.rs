//! Tar archives that were made to deceive.

use tar::{Builder, EntryType, Header};

use super::archives::{add, gzip, tar};
use super::*;

fn packed(archive: Builder<Vec<u8>>) -> Course {
    let course = Course::new();
    course.write("anna.tar.gz", gzip(&archive.into_inner().unwrap()));
    course
}

#[test]
fn links_folders_and_devices_in_it_are_refused() {
    let cases = [
        (EntryType::Symlink, "submission-link", "submission-links"),
        (EntryType::Link, "submission-link", "submission-links"),
        (EntryType::Char, "submission-special", "submission-specials"),
        (EntryType::Block, "submission-special", "submission-specials"),
        (EntryType::Fifo, "submission-special", "submission-specials"),
        (EntryType::new(b'Z'), "submission-special", "submission-specials"),
    ];
    for (kind, refused, note) in cases {
        let mut archive = Builder::new(Vec::new());
        add(&mut archive, "one.rs", kind, b"");
        add(&mut archive, "two.rs", EntryType::Directory, b"");
        add(&mut archive, "x/one.rs/", EntryType::Regular, b"");
        add(&mut archive, "gather_fetch.rs", EntryType::Continuous, b"mine");
        let anna = packed(archive).only();
        assert_eq!(refusal(&anna, "one"), refused, "{kind:?}");
        assert_eq!(refusal(&anna, "two"), "submission-folder");
        assert_eq!(answers(&anna)["gather_fetch"], "anna.tar.gz/gather_fetch.rs = mine");
        assert_eq!(notes(&anna), [note], "{kind:?}");
    }
}

#[test]
fn a_link_to_an_entry_is_no_way_to_it() {
    let mut archive = Builder::new(Vec::new());
    add(&mut archive, "other.rs", EntryType::Regular, b"other");
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Link);
    header.set_size(0);
    archive.append_link(&mut header, "one.rs", "other.rs").unwrap();
    assert_eq!(refusal(&packed(archive).only(), "one"), "submission-link");
}

#[test]
fn long_names_are_whole() {
    let long = format!("{}/exercises/01_first/one.rs", "n".repeat(200));
    let mut archive = Builder::new(Vec::new());
    let mut header = Header::new_gnu();
    header.set_size(4);
    header.set_mode(0o644);
    archive.append_data(&mut header, &long, &b"mine"[..]).unwrap();
    let pax = [("path", "exercises/01_first/two.rs".as_bytes()), ("comment", b"\xFF=\n")];
    archive.append_pax_extensions(pax).unwrap();
    add(&mut archive, "short", EntryType::Regular, b"mine");
    let anna = packed(archive).only();
    assert!(answers(&anna)["one"].ends_with("/exercises/01_first/one.rs = mine"));
    assert_eq!(answers(&anna)["two"], "anna.tar.gz/exercises/01_first/two.rs = mine");
}

#[test]
fn extensions_are_read_within_the_limit() {
    let zeros = vec![b'n'; 5_000_000];
    for kind in [EntryType::GNULongName, EntryType::GNULongLink, EntryType::XHeader] {
        let mut archive = Builder::new(Vec::new());
        add(&mut archive, "@", kind, &zeros);
        add(&mut archive, "one.rs", EntryType::Regular, b"mine");
        let course = packed(archive).with_limits(|limits| limits.archive = 1_000_000);
        let anna = course.only();
        assert_eq!(notes(&anna), ["submission-nothing", "submission-archive-too-large"]);
    }
}

#[test]
fn a_header_for_all_entries_is_no_entry() {
    let mut archive = Builder::new(Vec::new());
    add(&mut archive, "pax_global_header", EntryType::XGlobalHeader, b"20 comment=123456789\n");
    add(&mut archive, "one.rs", EntryType::Regular, b"mine");
    let anna = packed(archive).only();
    assert_eq!((answers(&anna).len(), notes(&anna).len()), (1, 0));
}

#[test]
fn files_with_holes_are_refused() {
    let mut archive = Builder::new(Vec::new());
    // As GNU tar writes it: no data, and a terabyte of nothing.
    let mut header = Header::new_gnu();
    header.set_path("one.rs").unwrap();
    header.set_entry_type(EntryType::GNUSparse);
    header.set_size(0);
    let gnu = header.as_gnu_mut().unwrap();
    gnu.realsize.copy_from_slice(b"00000000000\0");
    header.set_cksum();
    archive.append(&header, &b""[..]).unwrap();
    // As POSIX has it.
    let sparse = [("GNU.sparse.major", &b"1"[..]), ("GNU.sparse.name", b"two.rs")];
    archive.append_pax_extensions(sparse).unwrap();
    add(&mut archive, "GNUSparseFile.1/two.rs", EntryType::Regular, b"1\n0\n4\n");
    let anna = packed(archive).only();
    assert_eq!(refusal(&anna, "one"), "submission-special");
    assert_eq!(refusal(&anna, "two"), "submission-special");
}

#[test]
fn sizes_that_cannot_be_are_damage() {
    for size in [u64::MAX, u64::MAX / 2, 1 << 40] {
        let mut archive = Builder::new(Vec::new());
        add(&mut archive, "one.rs", EntryType::Regular, b"mine");
        let mut header = Header::new_gnu();
        header.set_path("two.rs").unwrap();
        header.set_size(size);
        header.set_cksum();
        archive.append(&header, &b""[..]).unwrap();
        let anna = packed(archive).only();
        assert_eq!(answers(&anna)["one"], "anna.tar.gz/one.rs = mine");
        assert!(!matches!(anna.answers.get("two"), Some(Answer::Taken { .. })), "{size}");
        assert!(notes(&anna).contains(&"submission-archive-damaged"), "{size}: {anna:?}");
    }
}

#[test]
fn of_two_entries_of_one_name_none_is_taken() {
    let course = Course::new();
    course.write("anna.tar", tar(&[("one.rs", b"mine"), ("./one.rs", b"theirs")]));
    assert_eq!(refusal(&course.only(), "one"), "submission-two-in-one-place");
}

#[test]
fn what_follows_the_first_part_of_a_gzip_is_read_too() {
    let whole = tar(&[("one.rs", b"mine"), ("two.rs", b"mine")]);
    let (first, second) = whole.split_at(1000);
    let course = Course::new();
    course.write("anna.tgz", [gzip(first), gzip(b""), gzip(second)].concat());
    assert_eq!(course.only().answers.len(), 2);
}

#[test]
fn what_is_packed_but_no_tar_is_damage() {
    let course = Course::new();
    course.write("anna.tar.gz", gzip(&b"fn main() {}\n".repeat(100)));
    let anna = course.only();
    assert_eq!(notes(&anna), ["submission-nothing", "submission-archive-damaged"]);
}

#[test]
fn times_are_those_of_the_entries() {
    let anna = packed({
        let mut archive = Builder::new(Vec::new());
        add(&mut archive, "one.rs", EntryType::Regular, b"mine");
        archive
    });
    assert_eq!(anna.only().submitted, Some("2026-01-01T00:00:00Z".parse().unwrap()));
}
