//! Where exercise files stand, and which of several is taken.

use super::*;

#[test]
fn exercise_files_are_found_wherever_they_stand() {
    let cases: [(&str, &[&str]); 6] = [
        ("flat", &["one.rs", "gather_fetch.rs"]),
        ("checkout", &["exercises/01_first/one.rs", "exercises/03_third/gather_fetch.rs"]),
        (
            "checkout in a folder",
            &["asynclings-main/exercises/01_first/one.rs", "asynclings-main/Cargo.toml"],
        ),
        ("chapters only", &["01_first/one.rs", "03_third/gather_fetch.rs"]),
        ("with others' files", &["src/main.rs", "deep/er/one.rs", "notes.txt"]),
        ("none", &["readme.md"]),
    ];
    for (what, files) in cases {
        let course = Course::new();
        for file in files {
            course.write(&format!("anna/{file}"), *file);
        }
        let anna = course.only();
        assert_eq!(anna.student, "anna", "{what}");
        assert_eq!(anna.source, course.path("anna"), "{what}");
        let wanted = |f: &&&str| f.ends_with("/one.rs") || **f == "one.rs";
        let one = files.iter().find(wanted).map(|f| format!("{f} = {f}"));
        assert_eq!(answers(&anna).get("one").cloned(), one, "{what}");
        assert!(!answers(&anna).contains_key("two"), "{what}");
        let empty = if anna.answers.is_empty() { vec!["submission-nothing"] } else { vec![] };
        assert_eq!(notes(&anna), empty, "{what}");
    }
}

#[test]
fn the_nearest_of_several_files_is_taken() {
    let mut left = vec![
        "exercises/01_first/one.rs",
        "old/exercises/01_first/one.rs",
        "exercises/one.rs",
        "exercises/03_third/one.rs",
        "one.rs",
        "a/one.rs",
    ];
    // Whatever is missing, the next one is taken; written in either order.
    while !left.is_empty() {
        for reversed in [false, true] {
            let course = Course::new();
            let mut files = left.clone();
            if reversed {
                files.reverse();
            }
            for file in &files {
                course.write(&format!("anna/{file}"), *file);
            }
            let anna = course.only();
            assert_eq!(answers(&anna)["one"], format!("{0} = {0}", left[0]));
            match left.len() {
                1 => assert!(anna.notes.is_empty(), "{:?}", anna.notes),
                count => {
                    assert_eq!(notes(&anna), ["submission-others"]);
                    assert_eq!(anna.notes[0].args["count"], (count - 1).to_string());
                }
            }
        }
        left.remove(0);
    }
}

#[test]
fn builds_solutions_and_tests_are_not_looked_into() {
    let course = Course::new();
    for folder in ["target", "solutions/01_first", "tests/one", ".git", ".asynclings", "__MACOSX"] {
        course.write(&format!("anna/{folder}/one.rs"), "not this");
        course.write(&format!("anna/asynclings/{folder}/one.rs"), "not this");
    }
    let anna = course.only();
    assert!(anna.answers.is_empty(), "{anna:?}");
    // The submission itself may be called so.
    let course = Course::new();
    course.write("target/one.rs", "mine");
    assert_eq!(answers(&course.only())["one"], "one.rs = mine");
}

#[test]
fn two_that_differ_are_refused_and_two_that_do_not_are_one() {
    let course = Course::new();
    course.write("anna/a/one.rs", "1").write("anna/b/one.rs", "2").write("anna/c/one.rs", "1");
    course.write("anna/a/two.rs", "same").write("anna/b/two.rs", "same");
    let anna = course.only();
    let told = &answers(&anna)["one"];
    assert_eq!(refusal(&anna, "one"), "submission-two");
    assert!(told.contains("a/one.rs") && told.contains("b/one.rs"), "{told}");
    assert_eq!(answers(&anna)["two"], "a/two.rs = same");
}

#[test]
fn names_must_be_exact_and_near_misses_are_told() {
    let course = Course::new();
    course.write("anna/Gather_Fetch.RS", "").write("anna/one.rs.txt", "");
    course.write("anna/x/two-1.rs", "").write("anna/two.rs", "mine");
    let anna = course.only();
    assert_eq!(answers(&anna), BTreeMap::from([("two", "two.rs = mine".to_owned())]));
    let told: Vec<String> = anna.notes.iter().map(told).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("Gather_Fetch.RS") && told[0].contains("gather_fetch.rs"));
    assert!(told[1].contains("one.rs.txt"), "{told:?}");
}

#[test]
fn the_edition_is_read() {
    let course = Course::new();
    course.write("anna/exercises/edition.toml", "id = \"2026-1\"").write("anna/one.rs", "");
    course.write("anna/edition.toml", "id = \"not this\"");
    assert_eq!(course.only().edition.as_deref(), Some("2026-1"));
    for (content, note) in [
        ("id = 1", "submission-edition"),
        ("", "submission-edition"),
        (&"#".repeat(300_000), "submission-too-large"),
    ] {
        let course = Course::new();
        course.write("anna/exercises/edition.toml", content).write("anna/one.rs", "");
        let anna = course.only();
        assert_eq!((anna.edition.as_deref(), notes(&anna)), (None, vec![note]));
        assert_eq!(answers(&anna)["one"], "one.rs = ");
    }
}

#[test]
fn what_is_in_a_file_is_nobodys_business_here() {
    let course = Course::new();
    course.write("anna/one.rs", "").write("anna/two.rs", b"\xFF\0\xFE");
    let anna = course.only();
    let taken = |content: &[u8], place: &str| Answer::Taken {
        place: place.to_owned(),
        content: content.to_vec(),
    };
    assert_eq!(anna.answers["one"], taken(b"", "one.rs"));
    assert_eq!(anna.answers["two"], taken(b"\xFF\0\xFE", "two.rs"));
}

#[test]
fn thousands_are_read_one_after_the_other() {
    const STUDENTS: usize = 2_000;
    let course = Course::new();
    let names = |file: usize| match file {
        0 => "one.rs".to_owned(),
        1 => "two.rs".to_owned(),
        2 => "gather_fetch.rs".to_owned(),
        other => format!("other_{other}.rs"),
    };
    let names: Vec<String> = (0..10).map(names).collect();
    for student in 0..STUDENTS {
        let content = student.to_string();
        // Some disks take long over many small files.
        if student % 10 == 9 {
            for name in &names {
                course.write(&format!("s{student:04}/{name}"), &content);
            }
        } else {
            let files: Vec<(&str, &[u8])> =
                names.iter().map(|name| (name.as_str(), content.as_bytes())).collect();
            course.write(&format!("s{student:04}.tar"), super::archives::tar(&files));
        }
    }
    let batch = course.batch();
    assert_eq!(batch.sources().len(), STUDENTS);
    // Nothing was read yet, and each is read anew when it is asked for.
    course.write("s1999/one.rs", "new");
    let last = batch.read(&batch.sources()[STUDENTS - 1]);
    assert_eq!(answers(&last)["one"], "one.rs = new");
    for (i, source) in batch.sources().iter().enumerate() {
        let submission = batch.read(source);
        assert_eq!(submission.student, format!("s{i:04}"));
        assert_eq!(submission.answers.len(), 3);
        assert!(answers(&submission)["two"].ends_with(&format!("two.rs = {i}")));
    }
}

/// The work is shared out among threads.
#[test]
fn a_batch_may_be_read_by_many_at_once() {
    let course = Course::new();
    course.write("anna/one.rs", "a").write("bo/one.rs", "b");
    let batch = course.batch();
    let batch = &batch;
    let read = |source: &'_ Source| batch.read(source).student;
    let students: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            batch.sources().iter().map(|source| scope.spawn(move || read(source))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(students, ["anna", "bo"]);
}
