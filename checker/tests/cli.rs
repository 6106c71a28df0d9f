//! The program as a learner or another program calls it: on a small kit, and
//! without the compiler.
#![cfg(feature = "learn")]

// The bare engine has the same sample; it is not for the program's users.
#[allow(dead_code)]
#[path = "../src/commands/sample.rs"]
mod sample;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// How it calls itself.
const PROGRAM: &str = if cfg!(feature = "teach") { "cargo teach" } else { "cargo learn" };

/// Runs the program in `folder`, where nobody can answer a question.
fn asynclings(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_asynclings"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .env_remove("CLICOLOR_FORCE")
        .env_remove("CARGO_TARGET_DIR")
        .env("ASYNCLINGS_LANG", "en")
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap().replace('\n', " ")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", out(output)))
}

#[test]
fn help_is_there_for_every_command_with_an_example() {
    let (folder, _kit) = sample::kit();
    let help = out(&asynclings(folder.path(), &["--help"]));
    assert!(help.contains(&format!("Usage: {PROGRAM} [COMMAND]")) && help.contains("Exit codes"));
    for command in ["run", "list", "hint", "explain", "solution", "reset", "trace", "doctor"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command} in {help}");
        let help = out(&asynclings(folder.path(), &[command, "--help"]));
        assert!(help.contains(&format!("Usage: {PROGRAM} {command}")), "{help}");
        assert!(
            command == "doctor" || help.contains(&format!("\n  cargo learn {command}")),
            "{help}"
        );
        assert!(!help.contains('?'), "a text is missing: {help}");
    }
}

#[test]
fn exit_codes_tell_apart_who_has_to_act() {
    let (folder, _kit) = sample::kit();
    assert_eq!(code(&asynclings(folder.path(), &["list"])), 0);
    assert_eq!(code(&asynclings(folder.path(), &["no-such-command"])), 2);
    let unknown = asynclings(folder.path(), &["hint", "ones"]);
    assert_eq!(code(&unknown), 2);
    assert!(err(&unknown).contains("Did you mean: one?"), "{}", err(&unknown));
    let nowhere = tempfile::tempdir().unwrap();
    let elsewhere = asynclings(nowhere.path(), &["hint", "--json"]);
    // A program that was built from a kit finds that one from anywhere.
    if code(&elsewhere) != 0 {
        assert_eq!(code(&elsewhere), 3);
        assert_eq!(json(&elsewhere)["error"]["key"], "no-kit");
    }
}

#[test]
fn the_list_says_where_one_is_from_any_folder() {
    let (folder, _kit) = sample::kit();
    let below = folder.path().join("exercises/01_first");
    let list = json(&asynclings(&below, &["list", "--json"]));
    assert_eq!((&list["current"], &list["exercises"]), (&"one".into(), &3.into()));
    assert_eq!(list["chapters"][0]["title"], "The first chapter");
    assert_eq!(list["chapters"][1]["exercises"][0]["state"], "open");
    let plain = out(&asynclings(folder.path(), &["list"]));
    assert!(plain.contains("▸ · one") && plain.contains("0 of 3 exercises done, 0 of 50 points"));
    assert!(!plain.contains('\u{1b}'), "no colours where there is no terminal");
}

#[test]
fn hints_come_one_by_one_and_are_counted() {
    let (folder, _kit) = sample::kit();
    for seen in 1..=4 {
        let hints = json(&asynclings(folder.path(), &["hint", "two", "--json"]));
        assert_eq!(hints["shown"], seen.min(3));
        assert_eq!(hints["hints"].as_array().unwrap().len(), seen.min(3));
    }
    let all = out(&asynclings(folder.path(), &["hint", "three", "--all"]));
    assert!(all.contains("First of three.") && all.contains("Third."));
    let list = json(&asynclings(folder.path(), &["list", "--json"]));
    assert_eq!(list["chapters"][0]["exercises"][1]["hints"], 3);
    assert_eq!(list["chapters"][0]["exercises"][0]["hints"], 0);
}

#[test]
fn pitfalls_are_explained_listed_and_guessed() {
    let (folder, _kit) = sample::kit();
    let one = json(&asynclings(folder.path(), &["explain", "sequential_awaits", "--json"]));
    assert_eq!((&one["id"], &one["exercises"][0]), (&"sequential-awaits".into(), &"one".into()));
    let all = json(&asynclings(folder.path(), &["explain", "--json"]));
    assert!(all.as_array().unwrap().len() >= 95);
    let plain = out(&asynclings(folder.path(), &["explain", "sequential-awaits"]));
    for part in ["Wrong:", "Right:", "In Python:", "Practised in: one"] {
        assert!(plain.contains(part), "{part} in {plain}");
    }
    let unknown = asynclings(folder.path(), &["explain", "sequential"]);
    assert_eq!(code(&unknown), 2);
    assert!(err(&unknown).contains("sequential-awaits"));
}

#[test]
fn the_solution_asks_shows_and_remembers() {
    let (folder, kit) = sample::kit();
    let mine = fs::read(kit.stub(kit.catalogue().get("one").unwrap())).unwrap();
    let asked = asynclings(folder.path(), &["solution", "one"]);
    assert_eq!(code(&asked), 2, "nobody can answer");
    assert!(err(&asked).contains("--yes"));
    let shown = asynclings(folder.path(), &["solution", "one", "--yes"]);
    assert_eq!(code(&shown), 0);
    assert!(out(&shown).contains("-    todo!()") && out(&shown).contains("+    // done"));
    let list = json(&asynclings(folder.path(), &["list", "--json"]));
    assert_eq!(list["chapters"][0]["exercises"][0]["state"], "gave_up");
    assert_eq!(list["current"], "two", "the next open one");
    let missing = asynclings(folder.path(), &["solution", "two", "--yes"]);
    assert_eq!(code(&missing), 2);
    assert!(err(&missing).contains("has no solutions"));
    let list = json(&asynclings(folder.path(), &["list", "--json"]));
    assert_eq!(list["chapters"][0]["exercises"][1]["state"], "open", "nothing was given away");
    assert_eq!(fs::read(kit.stub(kit.catalogue().get("one").unwrap())).unwrap(), mine);
}

#[test]
fn reset_asks_and_keeps_what_was_written() {
    let (folder, kit) = sample::kit();
    let file = kit.stub(kit.catalogue().get("one").unwrap());
    let stub = fs::read(&file).unwrap();
    asynclings(folder.path(), &["list"]); // sees the stubs for the first time
    fs::write(&file, "mine").unwrap();
    let asked = asynclings(folder.path(), &["reset", "one"]);
    assert_eq!(code(&asked), 2);
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    let done = asynclings(folder.path(), &["reset", "--all", "--yes"]);
    assert_eq!(code(&done), 0, "{}", err(&done));
    assert_eq!(fs::read(&file).unwrap(), stub);
    let backups: Vec<_> =
        fs::read_dir(folder.path().join(".asynclings/backups")).unwrap().flatten().collect();
    assert_eq!(backups.len(), 1);
    assert_eq!(fs::read_to_string(backups[0].path()).unwrap(), "mine");
}

#[test]
fn the_doctor_names_what_is_wrong() {
    let (folder, _kit) = sample::kit();
    let doctor = asynclings(folder.path(), &["doctor", "--json"]);
    assert_eq!(code(&doctor), 3, "the sample kit has no tests");
    let findings = json(&doctor);
    let level = |part: &str| {
        let found = findings.as_array().unwrap().iter().find(|f| f["part"] == part).unwrap();
        found["level"].as_str().unwrap().to_owned()
    };
    assert_eq!((level("rustc"), level("kit")), ("ok".to_owned(), "fail".to_owned()));
    assert_eq!(level("progress"), "ok");
}

#[cfg(not(feature = "teach"))]
#[test]
fn the_authors_commands_say_how_to_get_them() {
    let (folder, _kit) = sample::kit();
    for command in ["verify", "new"] {
        let said = asynclings(folder.path(), &[command, "--whatever"]);
        assert_eq!(code(&said), 2);
        assert!(err(&said).contains(&format!("cargo teach {command}")));
    }
}
