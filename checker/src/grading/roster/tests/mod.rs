use std::path::Path;

use super::*;

fn parse(text: impl AsRef<[u8]>) -> Result<Roster> {
    Roster::parse(text.as_ref(), Path::new("roster.csv"))
}

fn roster(text: impl AsRef<[u8]>) -> Roster {
    parse(text).unwrap_or_else(|problem| panic!("{problem}"))
}

fn found<'a>(roster: &'a Roster, name: &str) -> Option<&'a str> {
    roster.find(name).map(|student| student.id.as_str())
}

#[test]
fn a_roster_is_read_as_programs_write_it() {
    let plain = "id,name,login,email,section,Identifier\n\
                 1,Anna Ash,aash,anna@uni.edu,A,Participant 77\n\
                 2,\"Bo, the 2nd\",,,,\n";
    let expected = roster(plain);
    let written = [
        format!("\u{FEFF}{plain}"),
        plain.replace('\n', "\r\n"),
        plain.replace("id,name,login", " ID2 ,NAME , Login").replace(" ID2 ", " Id "),
        plain.replace(',', ";").replace("Bo;", "Bo,"),
        plain.replace(',', "\t").replace("Bo\t", "Bo,"),
        format!("sep=;\r\n{}", plain.replace(',', ";").replace("Bo;", "Bo,")),
        format!("\n\n{plain}\n,,,,,\n"),
        plain.replace("1,Anna Ash,aash", " 1 , Anna Ash ,\"aash\""),
        plain.replace("2nd\",,,,", "2nd\""),
    ];
    let anna = &expected.students()[0];
    assert_eq!((anna.id.as_str(), anna.login.as_deref()), ("1", Some("aash")));
    assert_eq!(anna.columns, BTreeMap::from([("Identifier".into(), "Participant 77".into())]));
    let bo = &expected.students()[1];
    assert_eq!((bo.name.as_deref(), bo.login.as_deref()), (Some("Bo, the 2nd"), None));
    for text in written {
        let same = roster(&text);
        // What a short line does not say is empty.
        let students = same.students().iter().cloned().map(|mut student| {
            student.columns.entry("Identifier".to_owned()).or_default();
            student
        });
        assert_eq!(students.collect::<Vec<_>>(), expected.students(), "{text:?}");
    }
}

#[test]
fn mistakes_are_told_with_their_line() {
    let cases: [(&[u8], &str, &str); 20] = [
        (b"", "roster-empty", "roster.csv"),
        (b"id,name\n", "roster-empty", "roster.csv"),
        (b"id,name\n,,\n", "roster-empty", "roster.csv"),
        (b"name,login\nAnna,a\n", "roster-no-id", "name, login"),
        (b"1,Anna\n2,Bo\n", "roster-no-id", "1, Anna"),
        (b"id,name\n1,Anna\n\n,Bo\n", "roster-no-id-here", "roster.csv:4"),
        (b"id,name\n1,Anna\n2,Bo\n1,Cy\n", "roster-twice", "csv:4: the id `1` stands in line 2"),
        (b"id,login\n1,a\n2,a\n", "roster-twice", "csv:3: the login `a` stands in line 2"),
        (b"sep=,\nid\n1\n1\n", "roster-twice", "csv:4: the id `1` stands in line 3"),
        (b"id,name,name\n1,a,b\n", "roster-column-twice", "`name`"),
        (b"id,name\n1,Ash, Anna\n", "roster-too-many", "roster.csv:2: 3 cells under 2"),
        (b"id,name\n1,\"Anna\n2,Bo\n", "roster-open-quote", "roster.csv:2"),
        (b"id,name\n1,\"An\nna\"\n", "roster-line-break", "roster.csv:2"),
        (b"id,name\n1\x1b[2J,Anna\n", "roster-line-break", "`id`"),
        (b"id,name\n1,Anna\n2,B\xF6\n", "roster-not-utf8", "roster.csv:3"),
        (b"\xFF\xFEi\0d\0", "roster-not-utf8", "roster.csv:1"),
        (b"i\0d\0\n\x001\0", "roster-not-utf8", "CSV UTF-8"),
        (b"id,submitted\n1,soon\n", "roster-bad-time", "roster.csv:2: `soon`"),
        (b"id,submitted\n1,2026-01-31\n", "roster-bad-time", "2026-01-31 23:59"),
        (b"id,submitted\n1,1970-01-01T00:00:00Z\n", "roster-bad-time", "1970"),
    ];
    for (text, key, part) in cases {
        let shown = String::from_utf8_lossy(text);
        let problem = parse(text).expect_err(&shown);
        assert_eq!(problem.key(), key, "{shown:?}");
        let told = problem.to_string();
        assert!(told.contains(part) && !told.contains('{'), "{told}");
    }
    let missing = Roster::read(Path::new("/nowhere/roster.csv")).unwrap_err();
    assert!(missing.to_string().contains("/nowhere/roster.csv"), "{missing}");
}

#[test]
fn times_of_handing_in_are_kept_apart_from_the_columns() {
    let roster = roster("id,Submitted,team\n1,2026-01-31 23:59,x\n2,,y\n");
    assert_eq!(roster.submitted("1"), Some("2026-01-31T23:59:00Z".parse().unwrap()));
    assert_eq!(roster.submitted("2"), None);
    assert_eq!(roster.submitted("3"), None);
    let columns = BTreeMap::from([("team".to_owned(), "x".to_owned())]);
    assert_eq!(roster.students()[0].columns, columns);
}

#[test]
fn a_column_that_is_nearly_a_known_one_is_doubted() {
    let doubts = |header: &str| roster(format!("{header}\n1,,,\n")).doubts().to_vec();
    let doubted = |column: &str, known: &'static str| (column.to_owned(), known);
    assert_eq!(
        doubts("id,sektion,Submited,team"),
        [doubted("sektion", "section"), doubted("Submited", "submitted")]
    );
    // Nothing is missing, or nothing is like it.
    assert_eq!(doubts("id,sektion,section,Username"), []);
    assert_eq!(doubts("id,Last name,points,SIS User ID"), []);
}

#[test]
fn students_are_found_by_what_they_go_by() {
    let roster = roster(
        "id,login,email,canvas_id,moodle_id\n\
         s1,anna,anna.ash@uni.edu,501,Participant 901\n\
         s2,bo,bo@uni.edu,502,Participant 902\n\
         S2,cy,bo@other.edu,503,903\n",
    );
    let cases = [
        ("s1", Some("s1")),
        ("S1", Some("s1")),
        (" anna ", Some("s1")),
        ("ANNA", Some("s1")),
        ("anna.ash@uni.edu", Some("s1")),
        ("anna.ash", Some("s1")),
        ("s2", Some("s2")),
        ("S2", Some("S2")),
        ("bo", Some("s2")),
        ("an", None),
        ("", None),
        // Canvas
        ("ashanna_501_77001_work", Some("s1")),
        ("ashanna_LATE_501_77001_work", Some("s1")),
        ("ashanna_late_501_77001_my_work-1", Some("s1")),
        ("ashanna_501_77001_x_502_77002_work", Some("s1")),
        ("ashanna_999_501_work", None),
        ("ashanna_501_work", None),
        ("_501_77001_work", None),
        // Moodle
        ("Anna Ash_901_assignsubmission_file", Some("s1")),
        ("Anna Ash_901_assignsubmission_file_", Some("s1")),
        ("Anna_Ash_901_assignsubmission_onlinetext", Some("s1")),
        ("X_901_assignsubmission_file_902_assignsubmission_file_", Some("s2")),
        ("Cy_903_assignsubmission_file", Some("S2")),
        ("Cy_904_assignsubmission_file", None),
        ("Cy_assignsubmission_file", None),
    ];
    for (name, expected) in cases {
        assert_eq!(found(&roster, name), expected, "{name}");
    }
}

#[test]
fn nobody_is_found_where_two_come_into_question() {
    let roster = roster(
        "id,name,email\n1,Anna Ash,a@one.edu\n2,anna  ash,a@two.edu\n3,Bo Birch,c@one.edu\n",
    );
    assert_eq!(found(&roster, "a"), None);
    assert_eq!(found(&roster, "a@two.edu"), Some("2"));
    assert_eq!(found(&roster, "Anna Ash_55_assignsubmission_file_"), None);
    // Without participant numbers the name must do.
    assert_eq!(found(&roster, "BO  birch_56_assignsubmission_file_"), Some("3"));
}

#[test]
fn canvas_own_mark_sheet_is_a_roster() {
    let roster = roster(
        "Student,ID,SIS User ID,SIS Login ID,Section\n\
         \"    Points Possible\",,,,\n\
         \"Ash, Anna\",501,x1,anna,A\n\
         \"Birch, Bo\",502,x2,bo,A\n",
    );
    assert_eq!(roster.students().len(), 2);
    let anna = &roster.students()[0];
    assert_eq!((anna.name.as_deref(), anna.login.as_deref()), (Some("Ash, Anna"), Some("anna")));
    assert_eq!(anna.columns["SIS Login ID"], "anna");
    assert_eq!(found(&roster, "birchbo_502_1_work"), Some("502"));
    // An `id` of the instructor's own is not Canvas's.
    let own = self::roster("id,ID\na,501\nb,502\n");
    assert_eq!(found(&own, "birchbo_502_1_work"), Some("b"));
    let plain = self::roster("id\n501\n502\n");
    assert_eq!(found(&plain, "birchbo_502_1_work"), None);
}

#[test]
fn a_mistyped_name_is_guessed() {
    let roster = roster("id,login\nu1001,anna.ash\nu2002,bo.birch\n");
    assert_eq!(roster.similar_to("ana.ash"), Some("u1001"));
    assert_eq!(roster.similar_to("Bo-Birch"), Some("u2002"));
    assert_eq!(roster.similar_to("zzz"), None);
}
