//! Every format held against its own rules.

use std::collections::BTreeMap;
use std::fs;

use quick_xml::events::Event;
use serde_json::Value;
use tempfile::TempDir;

use super::*;
use crate::grading::sample;
use crate::grading::student_view::NEEDLE;

/// What an export writes, by file.
fn written(format: Format) -> (BTreeMap<String, Vec<u8>>, Exported) {
    let (_folder, kit) = sample::kit();
    let book = sample::book(&kit);
    let out = TempDir::new().unwrap();
    let exported = export(&book, &kit, format, &out.path().join("new")).unwrap();
    let root = out.path().join("new");
    let name = |p: &PathBuf| p.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
    let files = exported.files.iter().map(|p| (name(p), fs::read(p).unwrap())).collect();
    (files, exported)
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn assert_one_of(value: &Value, allowed: &[&str]) {
    assert!(allowed.contains(&value.as_str().unwrap()), "{value} is none of {allowed:?}");
}

/// A CSV table by rows and columns.
fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    // A reader that is not told otherwise refuses rows of different lengths.
    let rows = reader.into_records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    rows.collect()
}

#[test]
fn no_format_holds_what_is_hidden_or_the_graders_own() {
    for format in Format::value_variants() {
        let (files, _) = written(*format);
        assert!(!files.is_empty());
        for (name, bytes) in files {
            let mut text = String::from_utf8(bytes.clone()).unwrap();
            if *format == Format::GithubClassroom {
                text = String::from_utf8(base64::tests::decode(&text)).unwrap();
            }
            if *format == Format::Json {
                // The instructor's: names of hidden tests are in it.
                text = text.replace("NEEDLE_name", "").replace("NEEDLE_passed", "");
            }
            assert!(!text.contains(NEEDLE), "{format:?} {name}: {text}");
            assert!(!text.contains("SECRET"), "{format:?} {name}");
            // For programs a name is what the roster says, sign by sign.
            if *format == Format::Json {
                continue;
            }
            let odd = |c: char| c == '\u{202e}' || (c < ' ' && c != '\n' && c != '\r');
            assert!(!text.contains(odd), "{format:?} {name}");
        }
    }
}

#[test]
fn names_of_files_stay_in_the_folder() {
    for format in [Format::Gradescope, Format::Exercism, Format::GithubClassroom] {
        let (files, _) = written(format);
        for name in files.keys() {
            assert!(!name.contains("..") && !name.starts_with('/'), "{name}");
            assert!(!name.contains('<') && !name.contains('='), "{name}");
        }
    }
}

#[test]
fn gradescope() {
    let (files, _) = written(Format::Gradescope);
    assert_eq!(files.len(), 4);
    const VISIBILITY: [&str; 4] = ["hidden", "after_due_date", "after_published", "visible"];
    const FORMATS: [&str; 5] = ["text", "html", "simple_format", "md", "ansi"];
    for (name, bytes) in &files {
        assert!(name.ends_with("/results.json"));
        let results = json(bytes);
        assert_eq!(
            keys(&results),
            [
                "execution_time",
                "extra_data",
                "output",
                "output_format",
                "score",
                "stdout_visibility",
                "tests",
                "visibility"
            ]
        );
        assert!(results["execution_time"].is_u64());
        assert_one_of(&results["visibility"], &VISIBILITY);
        assert_eq!(results["stdout_visibility"], "hidden");
        assert_one_of(&results["output_format"], &FORMATS);
        let tests = results["tests"].as_array().unwrap();
        let mut sum = 0.0;
        for (at, test) in tests.iter().enumerate() {
            assert_one_of(&test["status"], &["passed", "failed"]);
            assert_one_of(&test["visibility"], &VISIBILITY);
            assert_one_of(&test["output_format"], &FORMATS);
            assert_eq!(test["number"], (at + 1).to_string());
            let (score, max) =
                (test["score"].as_f64().unwrap(), test["max_score"].as_f64().unwrap());
            assert!((0.0..=max).contains(&score));
            let passed = test["status"] == "passed";
            assert!(!passed || score == max, "{test}");
            sum += score;
            assert!(test["tags"].as_array().unwrap().iter().all(Value::is_string));
        }
        assert!((sum - results["score"].as_f64().unwrap()).abs() < 0.001, "the sum of the parts");
    }
    let ada = json(&files["ada/results.json"]);
    assert_eq!(ada["tests"][0]["score"], 10.0);
    assert_eq!(ada["tests"][1]["tags"][0], "sequential-awaits");
    let told = ada["tests"][1]["output"].as_str().unwrap();
    for part in ["6s of virtual time", "user", "hidden test 1", "fetching user", "costs 10 %"] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
}

#[test]
fn exercism() {
    let (files, _) = written(Format::Exercism);
    assert_eq!(files.len(), 12);
    for (name, bytes) in &files {
        let results = json(bytes);
        assert_eq!(results["version"], 3);
        assert_one_of(&results["status"], &["pass", "fail", "error"]);
        let error = results["status"] == "error";
        assert_eq!(results["message"].is_string(), error, "{name}");
        assert_eq!(results.get("tests").is_none(), error, "{name}");
        if error {
            assert!(results["message"].as_str().unwrap().chars().count() <= 65_535);
            continue;
        }
        let tests = results["tests"].as_array().unwrap();
        for test in tests {
            assert_eq!(keys(test), ["message", "name", "output", "status", "test_code"]);
            assert_one_of(&test["status"], &["pass", "fail", "error"]);
            let passed = test["status"] == "pass";
            assert_eq!(test["message"].is_null(), passed, "{test}");
            let output = test["output"].as_str().unwrap_or_default();
            assert!(output.chars().count() <= 500, "{}", output.chars().count());
            assert!(!test["test_code"].as_str().unwrap().is_empty());
        }
        let all = tests.iter().all(|t| t["status"] == "pass");
        assert_eq!(results["status"] == "pass", all, "{name}");
    }
    let passed = json(&files["ada/one/results.json"]);
    let names: Vec<&str> =
        passed["tests"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
    let wanted = ["a_test", "another", "hidden test 1", "hidden test 2", "compile_fail::misuse"];
    assert_eq!(names, wanted, "in the order of the files");
    assert_eq!(
        passed["tests"][0]["test_code"],
        "#[test]\nfn a_test() {\n    run(async { check() });\n}\n"
    );
    assert_eq!(json(&files["bob/one/results.json"])["status"], "error", "it does not compile");
    assert_eq!(json(&files["bob/two/results.json"])["status"], "error", "it was not checked");
    assert_eq!(json(&files["ada/three/results.json"])["tests"][1]["status"], "error");
}

#[test]
fn github_classroom() {
    let (files, _) = written(Format::GithubClassroom);
    assert_eq!(files.len(), 4);
    for bytes in files.values() {
        assert!(bytes.len() < 128 * 1024 && !bytes.contains(&b'\n'), "it goes into a variable");
        let results = json(&base64::tests::decode(std::str::from_utf8(bytes).unwrap()));
        assert_eq!(keys(&results), ["max_score", "status", "tests", "version"]);
        assert_eq!(results["version"], 1);
        assert_eq!(results["max_score"], 50.0);
        assert_one_of(&results["status"], &["pass", "fail", "error"]);
        let mut sum = 0.0;
        for test in results["tests"].as_array().unwrap() {
            let wanted = [
                "duration",
                "filename",
                "line_no",
                "message",
                "name",
                "score",
                "status",
                "test_code",
            ];
            assert_eq!(keys(test), wanted);
            assert_one_of(&test["status"], &["pass", "fail", "error"]);
            assert!(test["line_no"].as_u64().unwrap() >= 1);
            sum += test["score"].as_f64().unwrap();
        }
        assert!(sum <= 50.0);
    }
    let bob = json(&base64::tests::decode(std::str::from_utf8(&files["bob.txt"]).unwrap()));
    assert_eq!((&bob["status"], &bob["tests"][0]["line_no"]), (&"error".into(), &7.into()));
}

#[test]
fn junit() {
    let (files, _) = written(Format::Junit);
    let xml = std::str::from_utf8(&files["junit.xml"]).unwrap();
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().trim_text(true);
    // What may stand in what, and with which attributes.
    let elements: BTreeMap<&str, (&[&str], &[&str])> = BTreeMap::from([
        (
            "testsuites",
            (&[""][..], &["name", "tests", "failures", "errors", "skipped", "time"][..]),
        ),
        (
            "testsuite",
            (
                &["testsuites"],
                &["name", "tests", "failures", "errors", "skipped", "disabled", "time"],
            ),
        ),
        ("properties", (&["testsuite"], &[])),
        ("property", (&["properties"], &["name", "value"])),
        ("testcase", (&["testsuite"], &["name", "classname", "time"])),
        ("failure", (&["testcase"], &["message", "type"])),
        ("error", (&["testcase"], &["message", "type"])),
        ("skipped", (&["testcase"], &["message", "type"])),
    ]);
    let mut open: Vec<String> = vec![String::new()];
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    loop {
        let event = reader.read_event().unwrap();
        let (start, empty) = match &event {
            Event::Eof => break,
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::End(_) => {
                open.pop();
                continue;
            }
            _ => continue,
        };
        let name = String::from_utf8(start.name().as_ref().to_vec()).unwrap();
        let (parents, attributes) =
            elements.get(name.as_str()).unwrap_or_else(|| panic!("{name} is not JUnit's"));
        assert!(parents.contains(&open.last().unwrap().as_str()), "{name} in {open:?}");
        for attribute in start.attributes() {
            let attribute = attribute.unwrap();
            let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
            assert!(attributes.contains(&key.as_str()), "{name} has no {key}");
            if open.len() == 1 && ["tests", "failures", "errors", "skipped"].contains(&key.as_str())
            {
                let count = std::str::from_utf8(&attribute.value).unwrap().parse().unwrap();
                told.insert(key, count);
            }
        }
        if name == "properties" {
            assert!(!counted.contains_key("testcase in suite"), "properties come first");
        }
        *counted.entry(name.clone()).or_default() += 1;
        if !empty {
            open.push(name);
        }
    }
    assert_eq!(counted["testsuite"], 12, "one for each student and exercise");
    for (count, element) in [
        ("tests", "testcase"),
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ] {
        assert_eq!(told[count], counted[element], "{count}");
    }
    // What came to no test is not a success.
    assert!(xml.contains("name=\"bob.one\" tests=\"1\""), "{xml}");
    assert!(xml.contains("&lt;script&gt;") && !xml.contains("<script"));
}

#[test]
fn canvas() {
    let (files, _) = written(Format::Canvas);
    let rows = table(&files["canvas.csv"]);
    assert!(!files["canvas.csv"].starts_with(BOM_BYTES), "Canvas reads UTF-8 as it is");
    let head =
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "one", "two (99)", "three"];
    assert_eq!(rows[0], head);
    assert_eq!(rows[1], ["    Points Possible", "", "", "", "", "10", "15", "25"]);
    let ada = ["Lovelace, Ada \"the first\"", "4711", "ada", "al1815", "A", "10", "6.75", "12.5"];
    assert_eq!(rows[2], ada);
    assert_eq!(rows.len(), 6);
    assert!(rows[5][0].starts_with("'=cmd"), "{}", rows[5][0]);
    for row in &rows[2..] {
        assert!(row[5..].iter().all(|cell| cell.parse::<f64>().is_ok()), "{row:?}");
    }
}

const BOM_BYTES: &[u8] = "\u{feff}".as_bytes();

#[test]
fn moodle() {
    let (files, exported) = written(Format::Moodle);
    let rows = table(&files["moodle.csv"]);
    for wanted in ["Identifier", "Grade", "Last modified (grade)", "Feedback comments"] {
        assert!(rows[0].iter().any(|c| c == wanted), "{wanted}");
    }
    assert_eq!(rows.len(), 2, "only Ada has an identifier that Moodle knows");
    assert_eq!(rows[1][0], "Participant 12");
    assert_eq!((rows[1][3].as_str(), rows[1][4].as_str()), ("29.25", "50"));
    assert_eq!(rows[1][5], "-");
    assert!(
        rows[1][6].contains("two: 6.75/15 (not right yet, sequential-awaits)"),
        "{}",
        rows[1][6]
    );
    assert!(!rows[1][6].contains('<'), "Moodle shows it as HTML");
    let note = crate::text::say_fact(&exported.notes[0]);
    assert!(note.contains("bob, cy, ../../=x<script>"), "{note}");
}

#[test]
fn moodle_without_any_identifier_is_told_what_to_do() {
    let (_folder, kit) = sample::kit();
    let mut book = sample::book(&kit);
    book.students.iter_mut().for_each(|s| s.student.columns.clear());
    let out = TempDir::new().unwrap();
    let error = export(&book, &kit, Format::Moodle, out.path()).unwrap_err();
    assert_eq!(error.key(), "export-moodle-no-identifier");
    assert!(fs::read_dir(out.path()).unwrap().next().is_none(), "nothing is written");
    book.students[0].student.columns.insert("Identifier".into(), " 7 ".into());
    book.students[1].student.id = "Participant 8".into();
    export(&book, &kit, Format::Moodle, out.path()).unwrap();
    let rows = table(&fs::read(out.path().join("moodle.csv")).unwrap());
    assert_eq!((rows[1][0].as_str(), rows[2][0].as_str()), ("Participant 7", "Participant 8"));
}

#[test]
fn plain_tables() {
    let (files, _) = written(Format::Csv);
    for name in ["marks.csv", "details.csv"] {
        assert!(files[name].starts_with(BOM_BYTES), "or Excel takes it for something else");
    }
    let marks = table(&files["marks.csv"]);
    assert_eq!(marks[0][6..], ["one", "two", "three", "total", "max"]);
    assert_eq!(marks[1][6..], ["10", "6.75", "12.5", "29.25", "50"]);
    assert_eq!(marks[1][5], "2026-12-02T11:00:00Z");
    let details = table(&files["details.csv"]);
    assert_eq!(details.len(), 1 + 4 * 3);
    let two: BTreeMap<&str, &str> =
        details[0].iter().map(String::as_str).zip(details[2].iter().map(String::as_str)).collect();
    assert_eq!((two["exercise"], two["standing"]), ("two", "not right yet"));
    assert_eq!((two["points"], two["earned"], two["late_seconds"]), ("6.75", "7.5", "82800"));
    assert_eq!((two["tests_passed"], two["tests"]), ("2", "4"));
    let risky = |cell: &String| cell.starts_with(['=', '+', '@', '\t', '\r']);
    for row in marks.iter().chain(&details) {
        assert!(!row.iter().any(risky), "{row:?}");
    }
}

#[test]
fn json_holds_every_mark() {
    let (files, _) = written(Format::Json);
    let marks = json(&files["marks.json"]);
    assert_eq!((&marks["version"], &marks["max"]), (&1.into(), &50.0.into()));
    assert_eq!(marks["students"].as_array().unwrap().len(), 4);
    assert_eq!(marks["unsandboxed"][0], "network");
    let two = &marks["students"][0]["entries"][1];
    assert_eq!((&two["outcome"], &two["status"]), (&"checked".into(), &"failed".into()));
    assert_eq!(
        (&two["mark"]["points"], &two["pitfall"]),
        (&6.75.into(), &"sequential-awaits".into())
    );
    assert_eq!(two["tests"][2]["hidden"], true);
    assert_eq!(marks["students"][1]["entries"][2]["outcome"], "missing");
    assert_eq!(marks["students"][2]["entries"][2]["outcome"], "waiting");
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let (folder, kit) = sample::kit();
    let book = sample::book(&kit);
    let error = export(&book, &kit, Format::Csv, &folder.path().join("Cargo.toml")).unwrap_err();
    assert_eq!(error.key(), "cannot-write");
    assert!(error.to_string().contains("Cargo.toml"), "{error}");
}
