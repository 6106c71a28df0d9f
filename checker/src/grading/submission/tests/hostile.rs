//! Folders that were made to do harm.

use std::ffi::OsStr;

use super::super::tree::{Kind, Names, Tree};
use super::*;

#[test]
fn files_up_to_the_limit_are_taken_and_no_byte_more() {
    let course = Course::new().with_limits(|limits| limits.file = 10);
    course.write("anna/one.rs", "0123456789").write("anna/two.rs", "0123456789a");
    // A file with holes that is larger than the disk.
    let huge = File::create(course.path("anna/gather_fetch.rs")).unwrap();
    huge.set_len(1 << 40).unwrap();
    let anna = course.only();
    assert_eq!(answers(&anna)["one"], "one.rs = 0123456789");
    assert_eq!(refusal(&anna, "two"), "submission-too-large");
    assert_eq!(refusal(&anna, "gather_fetch"), "submission-too-large");
}

#[test]
fn a_folder_by_the_name_of_a_file_is_none() {
    let course = Course::new();
    fs::create_dir_all(course.path("anna/one.rs")).unwrap();
    course.write("anna/two.rs/two.rs", "inside");
    let anna = course.only();
    assert_eq!(refusal(&anna, "one"), "submission-folder");
    assert_eq!(answers(&anna)["two"], "two.rs/two.rs = inside");
}

#[test]
fn more_entries_than_the_limit_end_the_search() {
    let course = Course::new().with_limits(|limits| limits.entries = 50);
    for i in 0..60 {
        course.write(&format!("anna/noise/{i}.txt"), "");
    }
    course.write("anna/one.rs", "mine").write("anna/z/two.rs", "not seen");
    course.write("bo/one.rs", "mine");
    let all = course.all();
    assert_eq!(answers(&all[0]), BTreeMap::from([("one", "one.rs = mine".to_owned())]));
    assert_eq!(notes(&all[0]), ["submission-too-many"]);
    assert!(told(&all[0].notes[0]).contains("noise"));
    assert_eq!((answers(&all[1]).len(), notes(&all[1]).len()), (1, 0));
}

#[test]
fn builds_do_not_count_as_entries() {
    let course = Course::new().with_limits(|limits| limits.entries = 3);
    for i in 0..60 {
        course.write(&format!("anna/target/{i}.txt"), "");
    }
    course.write("anna/exercises/one.rs", "mine");
    let anna = course.only();
    assert_eq!((answers(&anna).len(), notes(&anna).len()), (1, 0));
}

#[test]
fn deep_trees_end_at_the_limit() {
    let course = Course::new();
    let deep = |depth: usize| format!("{}one.rs", "d/".repeat(depth));
    course.write(&format!("anna/{}", deep(400)), "").write(&format!("anna/{}", deep(17)), "");
    let anna = course.only();
    assert!(anna.answers.is_empty());
    assert_eq!(notes(&anna), ["submission-nothing", "submission-too-deep"]);
    course.write(&format!("bo/{}", deep(16)), "mine");
    assert_eq!(course.all()[1].answers.len(), 1);
}

#[test]
fn copies_without_end_are_not_all_read() {
    let limits = |limits: &mut Limits| limits.archive = 1000;
    let course = Course::new().with_limits(limits);
    for i in 0..100 {
        course.write(&format!("anna/{i:03}/one.rs"), [b'x'; 100]);
    }
    let anna = course.only();
    // What was not read cannot be known to be the same.
    assert_eq!(refusal(&anna, "one"), "submission-used-up");
    let course = Course::new().with_limits(limits);
    course.write("anna/one.rs", [b'x'; 900]).write("anna/two.rs", [b'x'; 900]);
    let anna = course.only();
    assert!(matches!(anna.answers["one"], Answer::Taken { .. }));
    assert_eq!(refusal(&anna, "two"), "submission-used-up");
}

#[test]
fn a_bad_submission_leaves_the_others_alone() {
    let course = Course::new();
    course.write("a.zip", "PK\x03\x04 and nothing more").write("b.tar.gz", [0x1F, 0x8B, 8, 0]);
    course.write("c/one.rs", "mine").write("d.tgz", "").write("e.7z", "7z");
    let all = course.all();
    let ids: Vec<&str> = all.iter().map(|s| s.student.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c", "d", "e"]);
    assert_eq!(answers(&all[2])["one"], "one.rs = mine");
    assert_eq!(notes(&all[0]), ["submission-nothing", "submission-archive-damaged"]);
    assert_eq!(notes(&all[1]), ["submission-nothing", "submission-archive-damaged"]);
    assert_eq!(notes(&all[3]), ["submission-nothing"]);
    assert_eq!(notes(&all[4]), ["submission-nothing", "submission-packed-else"]);
}

#[test]
fn what_vanishes_or_is_something_else_by_now_is_told() {
    let course = Course::new();
    course.write("anna/one.rs", "").write("bo.zip", "").write("cy/one.rs", "mine");
    let batch = course.batch();
    fs::remove_dir_all(course.path("anna")).unwrap();
    fs::remove_file(course.path("bo.zip")).unwrap();
    fs::create_dir(course.path("bo.zip")).unwrap();
    let all: Vec<Submission> = batch.sources().iter().map(|s| checked(batch.read(s))).collect();
    for submission in &all[..2] {
        assert_eq!(notes(submission), ["submission-nothing", "submission-unreadable"]);
    }
    assert_eq!(all[2].answers.len(), 1);
}

#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    use std::os::unix::fs::symlink;

    let course = Course::new();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("one.rs"), "secret").unwrap();
    let secret = elsewhere.path().join("one.rs");
    course.write("bo/one.rs", "bo's").write("anna/two.rs", "mine");
    symlink(&secret, course.path("anna/one.rs")).unwrap();
    symlink("../bo/one.rs", course.path("anna/gather_fetch.rs")).unwrap();
    symlink(elsewhere.path(), course.path("anna/exercises")).unwrap();
    symlink(".", course.path("anna/loop")).unwrap();
    symlink("/etc/passwd", course.path("anna/edition.toml")).unwrap();
    // The submissions themselves.
    symlink(elsewhere.path(), course.path("cy")).unwrap();
    symlink("nowhere.zip", course.path("dee.zip")).unwrap();
    let batch = course.batch();
    let links: Vec<(&str, &str)> =
        batch.notes().iter().map(|(name, facts)| (name.as_str(), facts[0].key.as_str())).collect();
    assert_eq!(links, [("cy", "submission-source-link"), ("dee.zip", "submission-source-link")]);
    let all = course.all();
    assert_eq!(all.len(), 2);
    let anna = &all[0];
    assert_eq!(refusal(anna, "one"), "submission-link");
    assert_eq!(refusal(anna, "gather_fetch"), "submission-link");
    assert_eq!(answers(anna)["two"], "two.rs = mine");
    assert_eq!(anna.edition, None);
    assert_eq!(notes(anna), ["submission-link", "submission-links"]);
    assert_eq!(anna.notes[1].args["count"], "5");
    // A file of the right name goes before a link that stands nearer.
    course.write("anna/mine/one.rs", "mine");
    assert_eq!(answers(&course.all()[0])["one"], "mine/one.rs = mine");
}

#[cfg(unix)]
#[test]
fn pipes_sockets_and_devices_are_not_opened() {
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    let course = Course::new();
    course.write("anna/gather_fetch.rs", "mine");
    let pipe = course.path("anna/one.rs");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let _socket = UnixListener::bind(course.path("anna/two.rs")).unwrap();
    assert!(Command::new("mkfifo").arg(course.path("bo.zip")).status().unwrap().success());
    let anna = course.only();
    assert_eq!(refusal(&anna, "one"), "submission-special");
    assert_eq!(refusal(&anna, "two"), "submission-special");
    assert_eq!(answers(&anna)["gather_fetch"], "gather_fetch.rs = mine");
    assert_eq!(notes(&anna), ["submission-specials"]);
    assert_eq!(course.batch().notes()[0].1[0].key, "submission-source-special");
}

/// As when one thing takes the place of another between two looks.
#[cfg(unix)]
#[test]
fn nothing_is_opened_for_what_it_was_before() {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    let course = Course::new();
    course.write("real/one.rs", "mine");
    symlink("real", course.path("folder")).unwrap();
    symlink("real/one.rs", course.path("file")).unwrap();
    assert!(Command::new("mkfifo").arg(course.path("pipe")).status().unwrap().success());
    let tree = Tree::open(course.folder.path()).unwrap();
    let opens = |name: &str| {
        let name = OsStr::new(name);
        (tree.folder(name).is_ok(), tree.file(name).is_ok())
    };
    assert_eq!(opens("real"), (true, false));
    for name in ["folder", "file", "pipe", "gone"] {
        assert_eq!(opens(name), (false, false), "{name}");
    }
    // No test can make a device, but there are some.
    let devices = Tree::open(Path::new("/dev")).unwrap();
    assert!(devices.file(OsStr::new("null")).is_err());
    let Ok(Names::All(names)) = devices.names(usize::MAX) else { panic!("no list of /dev") };
    assert!(names.contains(&("null".into(), Kind::Special)));
    assert_eq!(tree.names(3).unwrap(), Names::TooMany);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;

    let course = Course::new();
    course.write("anna/one.rs", "secret").write("anna/shut/two.rs", "").write("bo/one.rs", "");
    let shut = |path: &str, mode| {
        fs::set_permissions(course.path(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    shut("anna/one.rs", 0);
    shut("anna/shut", 0);
    // For some users nothing is shut.
    if File::open(course.path("anna/one.rs")).is_err() {
        let all = course.all();
        assert_eq!(refusal(&all[0], "one"), "submission-unreadable");
        assert_eq!(notes(&all[0]), ["submission-folders-unreadable"]);
        assert_eq!(all[1].answers.len(), 1);
    }
    shut("anna/shut", 0o700);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_text_are_shown_as_far_as_they_are() {
    use std::os::unix::ffi::OsStrExt;

    let course = Course::new();
    for (folder, content) in [(&b"a\xFF"[..], "1"), (b"a\xFE", "2"), (b"\x1b[2J", "3")] {
        let folder = course.folder.path().join(OsStr::from_bytes(folder));
        let inner = folder.join(OsStr::from_bytes(b"\xFD\n"));
        fs::create_dir_all(&inner).unwrap();
        fs::write(inner.join("one.rs"), content).unwrap();
        fs::write(inner.join(OsStr::from_bytes(b"two\xFF.rs")), "").unwrap();
    }
    fs::write(course.folder.path().join(OsStr::from_bytes(b"b\xFF.zip")), "").unwrap();
    let all = course.all();
    let ids: Vec<&str> = all.iter().map(|s| s.student.as_str()).collect();
    assert_eq!(ids, ["\\u{1b}[2J", "a\\xFE", "a\\xFF", "b\\xFF"]);
    for (submission, content) in all.iter().zip(["3", "2", "1"]) {
        assert_eq!(answers(submission)["one"], format!("\u{FFFD}\\u{{a}}/one.rs = {content}"));
        assert_eq!(notes(submission), ["submission-own-name"]);
    }
}
