//! `new` enters an exercise where it must be known, and the gate lists what is left
//! to write; what cannot be is refused, and nothing is left of it.

use asynclings::gate::{NewExercise, VerifyOptions, Written, new_exercise, verify};
use asynclings::problem::Result;
use asynclings::stubs;
use asynclings::verdict::Build;

use crate::mini_kit::MiniKit;
use crate::{exercise, shown};

fn make(kit: &MiniKit, name: &str, chapter: u32, chapter_name: Option<&str>) -> Result<Written> {
    let chapter_name = chapter_name.map(str::to_owned);
    let wanted = NewExercise { name: name.to_owned(), chapter, chapter_name };
    new_exercise(&kit.open(), &wanted)
}

#[test]
fn a_new_exercise_is_refused_for_everything_that_is_to_be_written() {
    let kit = MiniKit::lay_out();
    let written = make(&kit, "ferry", 1, None).unwrap_or_else(|p| panic!("{p}"));
    assert_eq!((written.new.len(), written.changed.len()), (8, 3));
    insta::assert_snapshot!("catalogue_with_a_new_exercise", kit.read("exercises/catalogue.toml"));
    insta::assert_snapshot!("library_with_a_new_exercise", kit.read("solutions/lib.rs"));

    let options = VerifyOptions {
        names: vec!["ferry".into()],
        builds: vec![Build::Module],
        ..VerifyOptions::default()
    };
    let report = verify(&kit.open(), &options, |_| {}).unwrap_or_else(|p| panic!("{p}"));
    let found = &report.exercises[0].findings;
    let told: String = found
        .iter()
        .map(|f| format!("{} {}\n    {}\n", f.check.name(), f.place(), f.says))
        .collect();
    insta::assert_snapshot!(told);
}

#[test]
fn a_list_of_stubs_must_know_each_of_them() {
    const LIST: &str = "exercises/stubs.sha256";
    let kit = MiniKit::lay_out();
    let missing = "files gate-stub-not-listed exercises/stubs.sha256\n";
    kit.write(LIST, "");
    assert_eq!(shown(&exercise(&kit).findings), missing);
    let line = |name: &str| {
        let kit = kit.open();
        let exercise = kit.catalogue().get(name).unwrap().clone();
        stubs::line(&exercise, &std::fs::read(kit.stub(&exercise)).unwrap())
    };
    kit.write(LIST, &line("pair").replace("exercises/", "elsewhere/"));
    assert_eq!(shown(&exercise(&kit).findings), missing);
    kit.write(LIST, &line("pair"));
    assert_eq!(shown(&exercise(&kit).findings), "");

    make(&kit, "ferry", 1, None).unwrap_or_else(|p| panic!("{p}"));
    assert_eq!(kit.read(LIST), line("ferry") + &line("pair"));
}

#[test]
fn a_new_chapter_takes_its_place() {
    let kit = MiniKit::lay_out();
    for (name, chapter, chapter_name) in [("last", 7, "ends"), ("middle", 4, "means")] {
        make(&kit, name, chapter, Some(chapter_name)).unwrap_or_else(|p| panic!("{p}"));
    }
    insta::assert_snapshot!(kit.read("exercises/catalogue.toml"));
    assert!(kit.read("exercises/04_means/README.md").contains("`middle`"));
    let catalogue = kit.open().catalogue().clone();
    let names: Vec<&str> = catalogue.exercises().map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["pair", "middle", "last"]);
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_left() {
    let kit = MiniKit::lay_out();
    let before = kit.all_files();
    let refused = |name: &str, chapter, chapter_name: Option<&str>| {
        let problem = make(&kit, name, chapter, chapter_name).expect_err(name);
        assert_eq!(kit.all_files(), before, "{name}");
        problem.key().to_owned()
    };
    for name in ["", "Ferry", "9lives", "two__words", "end_", "with-dash", "../out", "naïve"] {
        assert_eq!(refused(name, 1, None), "new-bad-name", "{name}");
    }
    for name in ["async", "loop", "self"] {
        assert_eq!(refused(name, 1, None), "new-keyword", "{name}");
    }
    for name in ["kit", "tokio", "toolbox", "async_stream", "hidden"] {
        assert_eq!(refused(name, 1, None), "new-taken", "{name}");
    }
    assert_eq!(refused("pair", 1, None), "new-known");
    assert_eq!(refused("ferry", 3, None), "new-chapter-unknown");
    assert_eq!(refused("ferry", 1, Some("boats")), "new-chapter-known");
    assert_eq!(refused("ferry", 3, Some("Boats")), "new-bad-name");

    kit.write("tests/ferry/visible.rs", "// Mine.\n");
    let with_mine = kit.all_files();
    assert_eq!(make(&kit, "ferry", 1, None).unwrap_err().key(), "new-exists");
    assert_eq!(kit.all_files(), with_mine);
}
