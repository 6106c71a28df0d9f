//! What holds for every kind of archive.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;

use super::*;

/// Packs files in one of these ways.
pub const KINDS: [&str; 4] = ["zip", "tar", "tar.gz", "tgz"];

pub fn pack(kind: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    match kind {
        "zip" => zip(files),
        "tar" => tar(files),
        _ => gzip(&tar(files)),
    }
}

pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, options()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// With a time: what has none is noted.
pub fn options() -> SimpleFileOptions {
    let time = zip::DateTime::from_date_and_time(2026, 1, 1, 0, 0, 0).unwrap();
    SimpleFileOptions::default().last_modified_time(time)
}

pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, content) in files {
        add(&mut tar, name, tar::EntryType::Regular, content);
    }
    tar.into_inner().unwrap()
}

/// An entry whose name is written as it is, `..` and all.
pub fn add(tar: &mut tar::Builder<Vec<u8>>, name: &str, kind: tar::EntryType, content: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(content.len() as u64);
    header.set_mtime(1_767_225_600);
    header.set_mode(0o644);
    header.set_cksum();
    tar.append(&header, content).unwrap();
}

pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::default());
    gz.write_all(content).unwrap();
    gz.finish().unwrap()
}

#[test]
fn archives_are_searched_like_folders() {
    let files: [(&str, &[u8]); 7] = [
        ("asynclings/target/gather_fetch.rs", b"not this"),
        ("asynclings/one.rs", b"not this"),
        ("asynclings/exercises/01_first/one.rs", b"mine"),
        ("asynclings/exercises/edition.toml", b"id = '2026'"),
        ("asynclings/__MACOSX/two.rs", b"not this"),
        ("asynclings/Two.rs", b""),
        ("asynclings/more.zip", b"PK"),
    ];
    for kind in KINDS {
        for reversed in [false, true] {
            let mut files = files;
            if reversed {
                files.reverse();
            }
            let course = Course::new();
            course.write(&format!("anna.{kind}"), pack(kind, &files));
            let anna = course.only();
            let place = format!("anna.{kind}/asynclings/exercises/01_first/one.rs = mine");
            assert_eq!(answers(&anna), BTreeMap::from([("one", place)]));
            assert_eq!(anna.edition.as_deref(), Some("2026"), "{kind}");
            let expected = ["submission-others", "submission-similar", "submission-nested"];
            assert_eq!(notes(&anna), expected, "{kind}");
        }
    }
}

#[test]
fn what_an_archive_is_its_content_says() {
    let files: [(&str, &[u8]); 1] = [("one.rs", b"mine")];
    for (name, kind) in
        [("a.zip", "tar.gz"), ("a.tar.gz", "zip"), ("a.tgz", "tar"), ("A.ZIP", "zip")]
    {
        let course = Course::new();
        course.write(name, pack(kind, &files));
        assert_eq!(answers(&course.only())["one"], format!("{name}/one.rs = mine"));
    }
}

#[test]
fn an_archive_in_a_folder_gives_what_the_folder_lacks() {
    for kind in KINDS {
        let course = Course::new();
        let packed: [(&str, &[u8]); 2] = [("one.rs", b"packed"), ("two.rs", b"packed")];
        course.write("anna/deep/one.rs", "loose");
        course.write(&format!("anna/work.{kind}"), pack(kind, &packed));
        let anna = course.only();
        assert_eq!(answers(&anna)["one"], "deep/one.rs = loose");
        assert_eq!(answers(&anna)["two"], format!("work.{kind}/two.rs = packed"));
        // And is not looked into if it lacks nothing.
        course.write("anna/two.rs", "loose").write("anna/gather_fetch.rs", "loose");
        course.write(&format!("anna/work.{kind}"), "damaged");
        let anna = course.only();
        assert_eq!(answers(&anna)["two"], "two.rs = loose");
        assert_eq!(notes(&anna), ["submission-archive-not-needed"]);
    }
}

#[test]
fn two_archives_that_differ_are_refused() {
    let course = Course::new();
    course.write("anna/v1.zip", zip(&[("one.rs", b"1"), ("two.rs", b"same")]));
    course.write("anna/v2.tgz", pack("tgz", &[("one.rs", b"2"), ("two.rs", b"same")]));
    let anna = course.only();
    assert_eq!(refusal(&anna, "one"), "submission-two");
    let told = &answers(&anna)["one"];
    assert!(told.contains("v1.zip/one.rs") && told.contains("v2.tgz/one.rs"), "{told}");
    assert_eq!(answers(&anna)["two"], "v1.zip/two.rs = same");
}

#[test]
fn no_more_archives_are_looked_into_than_anybody_hands_in() {
    let course = Course::new();
    for i in 0..20 {
        course.write(&format!("anna/{i:02}.zip"), zip(&[("x.rs", b"")]));
    }
    course.write("anna/15.zip", zip(&[("one.rs", b"mine")]));
    course.write("anna/16.zip", zip(&[("two.rs", b"too many")]));
    let anna = course.only();
    assert_eq!(answers(&anna).into_keys().collect::<Vec<_>>(), ["one"]);
    assert_eq!(notes(&anna), ["submission-archives"]);
    assert_eq!(anna.notes[0].args["count"], "4");
}

#[test]
fn paths_that_lead_out_are_refused() {
    for kind in KINDS {
        let files: [(&str, &[u8]); 4] = [
            ("../../one.rs", b"out"),
            ("/exercises/01_first/two.rs", b"out"),
            ("a/../../gather_fetch.rs", b"out"),
            ("inside/gather_fetch.rs", b"mine"),
        ];
        let course = Course::new();
        course.write(&format!("anna.{kind}"), pack(kind, &files));
        let anna = course.only();
        assert_eq!(refusal(&anna, "one"), "submission-climbs", "{kind}");
        assert_eq!(refusal(&anna, "two"), "submission-climbs", "{kind}");
        let mine = format!("anna.{kind}/inside/gather_fetch.rs = mine");
        assert_eq!(answers(&anna)["gather_fetch"], mine);
        assert_eq!(notes(&anna), ["submission-climbing"], "{kind}");
    }
}

#[test]
fn entries_are_read_up_to_the_limits() {
    let big = vec![b'x'; 2000];
    let files: [(&str, &[u8]); 4] = [
        ("d/d/d/d/one.rs", b""),
        ("gather_fetch.rs", &big),
        ("a/two.rs", b"a"),
        ("b/two.rs", b"a"),
    ];
    for kind in KINDS {
        let course = Course::new().with_limits(|limits| {
            (limits.file, limits.entries, limits.depth) = (1999, 3, 4);
        });
        course.write(&format!("anna.{kind}"), pack(kind, &files));
        let anna = course.only();
        assert_eq!(refusal(&anna, "gather_fetch"), "submission-too-large", "{kind}");
        assert_eq!(answers(&anna)["two"], format!("anna.{kind}/a/two.rs = a"));
        assert!(!anna.answers.contains_key("one"));
        assert_eq!(notes(&anna), ["submission-too-many", "submission-too-deep"], "{kind}");
    }
}

#[test]
fn damage_costs_what_stands_after_it() {
    let noise: Vec<u8> =
        (0..20_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let files: [(&str, &[u8]); 3] = [("one.rs", b"mine"), ("noise", &noise), ("two.rs", b"mine")];
    for kind in KINDS {
        let whole = pack(kind, &files);
        let course = Course::new();
        course.write(&format!("anna.{kind}"), &whole[..whole.len() / 2]);
        course.write("bo/one.rs", "mine");
        let all = course.all();
        // The directory of a zip archive stands at its end.
        let one = if kind == "zip" { None } else { Some(format!("anna.{kind}/one.rs = mine")) };
        assert_eq!(answers(&all[0]).get("one").cloned(), one, "{kind}");
        assert!(!all[0].answers.contains_key("two"), "{kind}");
        assert!(notes(&all[0]).contains(&"submission-archive-damaged"), "{kind}");
        assert_eq!(all[1].answers.len(), 1);
        // Wherever it is cut off, or whatever bit is turned, there is an end
        // to it and nothing is made up.
        for at in (0..whole.len()).step_by(211) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x41;
            for content in [&whole[..at], &damaged[..]] {
                course.write(&format!("anna.{kind}"), content);
                for answer in course.all()[0].answers.values() {
                    let Answer::Taken { content, .. } = answer else { continue };
                    // Tar has no checksum over content.
                    assert!(kind == "tar" || content == b"mine", "{kind} at {at}");
                }
            }
        }
    }
}

#[test]
fn what_unpacks_to_too_much_is_not_read_to_its_end() {
    let zeros = vec![0; 5_000_000];
    let files: [(&str, &[u8]); 3] = [("one.rs", b"mine"), ("zeros", &zeros), ("two.rs", b"mine")];
    for kind in KINDS {
        let course = Course::new().with_limits(|limits| limits.archive = 1_000_000);
        course.write(&format!("anna.{kind}"), pack(kind, &files));
        let anna = course.only();
        assert_eq!(answers(&anna)["one"], format!("anna.{kind}/one.rs = mine"));
        if kind == "zip" {
            // Here nothing has to be unpacked to get to the next.
            assert_eq!(answers(&anna)["two"], "anna.zip/two.rs = mine");
        } else {
            assert!(!anna.answers.contains_key("two"), "{kind}");
            assert_eq!(notes(&anna), ["submission-archive-too-large"], "{kind}");
        }
    }
}

#[test]
fn builds_are_passed_over_but_not_without_end() {
    for kind in KINDS {
        let names: Vec<String> = (0..50).map(|i| format!("target/{i}")).collect();
        let mut files: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b""[..])).collect();
        files.push(("one.rs", b"mine"));
        for (entries, taken, note) in [(5, 1, None), (4, 0, Some("submission-too-many"))] {
            let course = Course::new().with_limits(|limits| limits.entries = entries);
            course.write(&format!("anna.{kind}"), pack(kind, &files));
            let anna = course.only();
            assert_eq!(anna.answers.len(), taken, "{kind}");
            assert_eq!(notes(&anna).last().copied(), note, "{kind}");
        }
    }
}
