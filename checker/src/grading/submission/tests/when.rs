//! When it was handed in.

use super::*;

#[test]
fn the_newest_file_that_was_taken_says_when() {
    let course = Course::new();
    course.write("anna/one.rs", "").set_time("anna/one.rs", "2026-01-03T10:00:00Z");
    course.write("anna/two.rs", "").set_time("anna/two.rs", "2026-01-04T10:00:00Z");
    course.write("anna/notes.txt", "").set_time("anna/notes.txt", "2026-01-05T10:00:00Z");
    course.write("anna/x/one.rs", "").set_time("anna/x/one.rs", "2026-01-06T10:00:00Z");
    let anna = course.only();
    assert_eq!(anna.submitted, Some("2026-01-04T10:00:00Z".parse().unwrap()));
}

#[test]
fn the_roster_knows_better() {
    let course = Course::new().with_roster("id,submitted\nanna,2026-01-31 23:59\nbo,\n");
    course.write("anna/one.rs", "").set_time("anna/one.rs", "2026-02-03T10:00:00Z");
    course.write("bo/one.rs", "").set_time("bo/one.rs", "2026-02-03T10:00:00Z");
    let times: Vec<_> =
        course.all().into_iter().map(|s| s.submitted.unwrap().to_string()).collect();
    assert_eq!(times, ["2026-01-31T23:59:00Z", "2026-02-03T10:00:00Z"]);
}

#[test]
fn times_that_cannot_be_are_ignored() {
    let course = Course::new();
    course.write("anna/one.rs", "").set_time("anna/one.rs", "2150-01-01T00:00:00Z");
    course.write("anna/two.rs", "").set_time("anna/two.rs", "2026-01-04T10:00:00Z");
    course.write("bo/one.rs", "").set_time("bo/one.rs", "1970-01-01T00:00:00Z");
    let all = course.all();
    assert_eq!(all[0].submitted, Some("2026-01-04T10:00:00Z".parse().unwrap()));
    assert_eq!(all[1].submitted, None);
    for submission in &all {
        assert_eq!(notes(submission), ["submission-odd-time"]);
    }
    assert!(told(&all[0].notes[0]).contains("2150"));
}
