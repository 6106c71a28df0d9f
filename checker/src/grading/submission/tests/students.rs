//! Whose submission it is.

use super::*;

#[test]
fn without_a_roster_the_name_is_the_id() {
    let course = Course::new();
    course.write("anna/one.rs", "").write("Bo B./one.rs", "").write("cy.tar.gz", "");
    course.write("d.e.zip", "").write("loose.rs", "").write(".git/config", "");
    course.write(".DS_Store", "").write("__MACOSX/x", "");
    let ids: Vec<String> = course.all().into_iter().map(|s| s.student).collect();
    assert_eq!(ids, ["Bo B.", "anna", "cy", "d.e"]);
    let batch = course.batch();
    let nobodys: Vec<(&str, String)> =
        batch.notes().iter().map(|(name, facts)| (name.as_str(), told(&facts[0]))).collect();
    assert_eq!(nobodys.len(), 2, "{nobodys:?}");
    assert_eq!((nobodys[0].0, nobodys[1].0), (".git", "loose.rs"));
}

#[test]
fn of_two_submissions_the_newest_with_answers_counts() {
    let roster = "id,login,email\n7,anna,ash@uni.edu\n";
    let course = Course::new().with_roster(roster);
    course.write("7/one.rs", "1").set_time("7/one.rs", "2026-01-03T00:00:00Z");
    course.write("anna/one.rs", "2").set_time("anna/one.rs", "2026-01-05T00:00:00Z");
    course.write("ash/one.rs", "3").set_time("ash/one.rs", "2026-01-04T00:00:00Z");
    course.write("ash@uni.edu/nothing", "");
    let student = course.only();
    assert_eq!((student.student.as_str(), student.source.clone()), ("7", course.path("anna")));
    assert_eq!(answers(&student)["one"], "one.rs = 2");
    assert_eq!(notes(&student), ["submission-again"]);
    let told = told(&student.notes[0]);
    assert!(told.contains("7, ash, ash@uni.edu"), "{told}");
    // At the same time: the last by name.
    course.set_time("ash/one.rs", "2026-01-05T00:00:00Z");
    assert_eq!(answers(&course.only())["one"], "one.rs = 3");
}

#[test]
fn a_folder_and_an_archive_of_one_name_are_one_student() {
    let course = Course::new();
    course.write("anna/one.rs", "mine").write("anna.zip", "");
    let anna = course.only();
    assert_eq!(anna.student, "anna");
    assert_eq!(answers(&anna)["one"], "one.rs = mine");
    assert_eq!(notes(&anna), ["submission-again"]);
}

#[test]
fn a_roster_gives_everybody_a_row_in_its_order() {
    let course = Course::new().with_roster("id,name\nzed,Z\nanna,A\nbo,B\n");
    course
        .write("bo/one.rs", "")
        .write("ana/one.rs", "")
        .write("ANNA.zip", "")
        .write("xyz/one.rs", "");
    let all = course.all();
    let ids: Vec<&str> = all.iter().map(|s| s.student.as_str()).collect();
    assert_eq!(ids, ["zed", "anna", "bo", "ana", "xyz"]);
    assert_eq!(all[0].source, course.folder.path());
    assert!(all[0].answers.is_empty() && all[0].notes.is_empty());
    assert_eq!(notes(&all[3]), ["submission-stranger-similar"]);
    assert!(told(&all[3].notes[0]).contains("`anna`"));
    assert_eq!(notes(&all[4]), ["submission-stranger"]);
    let batch = course.batch();
    assert_eq!(batch.student(&batch.sources()[0]).name.as_deref(), Some("Z"));
    assert_eq!(batch.student(&batch.sources()[3]).name, None);
    assert!(batch.sources()[0].is_empty() && !batch.sources()[3].is_empty());
}

#[test]
fn downloads_of_learning_platforms_find_their_students() {
    let course = Course::new().with_roster("id,canvas_id,Identifier\na,501,Participant 901\n");
    course.write("ashanna_LATE_501_7_work/one.rs", "canvas");
    assert_eq!(course.only().student, "a");
    let course = Course::new().with_roster("id,canvas_id,Identifier\na,501,Participant 901\n");
    course.write("Anna Ash_901_assignsubmission_file_/one.rs", "moodle");
    course.write("Anna Ash_901_assignsubmission_onlinetext_/onlinetext.html", "");
    let a = course.only();
    assert_eq!(answers(&a)["one"], "one.rs = moodle");
}

#[cfg(target_os = "linux")]
#[test]
fn no_stranger_takes_the_id_of_another() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let course = Course::new().with_roster("id\n\\xFF\n");
    let folder = course.folder.path().join(OsStr::from_bytes(b"\xFF"));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("one.rs"), "not theirs").unwrap();
    let all = course.all();
    let ids: Vec<&str> = all.iter().map(|s| s.student.as_str()).collect();
    assert_eq!(ids, ["\\xFF", "\\xFF-2"]);
    assert!(all[0].answers.is_empty());
}

#[test]
fn a_folder_that_is_none_of_submissions_is_told() {
    let course = Course::new();
    let open = |path: &Path| {
        let batch = Batch::open(path, &course.kit, None, course.limits);
        batch.map(drop).expect_err("no folder of submissions")
    };
    assert_eq!(open(course.kit.root()).key(), "submission-one-only");
    let missing = open(&course.path("nowhere"));
    assert!(missing.to_string().contains("nowhere"), "{missing}");
    course.write("file", "");
    assert!(open(&course.path("file")).to_string().contains("file"));
    // A loose file is nobody's, so nobody has handed in.
    assert_eq!(open(course.folder.path()).key(), "submission-nobody");
    let course = Course::new().with_roster("id\nanna\n");
    let batch = course.batch();
    assert_eq!(batch.sources().len(), 1, "a course may be idle");
    assert_eq!(batch.notes().last().unwrap().1[0].key, "submission-all-idle");
}
