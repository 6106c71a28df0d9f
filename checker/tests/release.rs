//! The student edition of this very kit: nothing of what is not for students
//! is in it, and it works by itself.

mod alone;
#[path = "release/secrets.rs"]
mod secrets;

use std::collections::BTreeMap;
use std::env::consts::EXE_EXTENSION;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use alone::alone;
use asynclings::catalogue::Exercise;
use asynclings::edition::{Edition, edition_of};
use asynclings::grading::release::{ReleaseOptions, Released, release};
use asynclings::kit::Kit;
use asynclings::stubs;
use secrets::{found, is_open, is_secret, needles, secret_names};
use serde_json::Value;
use tempfile::TempDir;

/// Path from the root, with `/`, and content.
type Files = BTreeMap<String, Vec<u8>>;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn kit() -> Kit {
    Kit::open(&repository()).unwrap()
}

/// All files under a folder whose path from there is wanted.
fn tree(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> Files {
    fn walk(root: &Path, folder: &Path, wanted: &dyn Fn(&str) -> bool, into: &mut Files) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() {
                // What cargo, git and the program keep.
                if !["target", ".git", ".asynclings", "mutants.out"].contains(&name.as_str()) {
                    walk(root, &path, wanted, into);
                }
            } else if wanted(&name) {
                into.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut files = Files::new();
    walk(folder, folder, wanted, &mut files);
    files
}

/// The edition with all chapters, made once. What is static is never dropped, so
/// it lies where the next run finds it, and is this process's to its end.
static WHOLE: LazyLock<(Released, Files, File)> = LazyLock::new(|| {
    let alone = alone("edition");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole_edition");
    let _ = fs::remove_dir_all(&folder);
    let options = ReleaseOptions { folder, ..ReleaseOptions::default() };
    let (released, files) = released_to(&kit(), options);
    (released, files, alone)
});

fn released(kit: &Kit, options: ReleaseOptions) -> (TempDir, Released, Files) {
    let folder = tempfile::tempdir().unwrap();
    let options = ReleaseOptions { folder: folder.path().join("edition"), ..options };
    let (released, files) = released_to(kit, options);
    (folder, released, files)
}

fn released_to(kit: &Kit, options: ReleaseOptions) -> (Released, Files) {
    let released = release(kit, &options).unwrap_or_else(|problem| panic!("{problem}"));
    let files = tree(&released.folder, &|_| true);
    assert_eq!(files.len(), released.files);
    (released, files)
}

#[test]
fn nothing_that_is_not_for_students_is_in_any_file() {
    let kit = kit();
    let secret = tree(kit.root(), &is_secret);
    let text_of = |wanted: &dyn Fn(&str) -> bool| -> String {
        let files = tree(kit.root(), wanted);
        files.values().map(|b| String::from_utf8_lossy(b).into_owned() + "\n").collect()
    };
    let lines = needles(&secret, &text_of(&is_open));
    let is_text = |path: &str| path.starts_with("exercises/text/");
    let names = secret_names(&kit, &text_of(&|path| is_open(path) && !is_text(path)));
    println!(
        "looked for {} lines of {} files, and {} names and demands",
        lines.len(),
        secret.len(),
        names.len()
    );
    assert!(lines.len() > 1000 && names.len() > 100, "{} {}", lines.len(), names.len());

    let (released, files, _) = &*WHOLE;
    assert_eq!(found(&lines, files), []);
    assert_eq!(found(&names, files), []);
    for path in files.keys() {
        let parts: Vec<&str> = path.split('/').collect();
        for part in ["solutions", "hidden.rs", "rejected", "accepted", "gate", "grading", "benches"]
        {
            assert!(!parts.contains(&part), "{path}");
        }
        assert!(!path.ends_with(".stderr") && !path.ends_with(".snap"), "{path}");
        assert!(!path.contains(".ci") && !path.ends_with("CONTRIBUTING.md"), "{path}");
    }
    for (path, bytes) in files {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("feature = \"teach\"") && !text.contains("mod hidden"), "{path}");
    }
    // The search finds what is there.
    let mut leaky = files.clone();
    let hidden = &secret["tests/gather_fetch/hidden.rs"];
    leaky.insert("somewhere.bin".to_owned(), [b"\xff\xfe", &hidden[..]].concat());
    assert!(!found(&lines, &leaky).is_empty() && !found(&names, &leaky).is_empty());

    assert_eq!(edition_of(&released.folder).as_ref(), Some(&released.edition));
    assert_eq!(edition_of(kit.root()), None, "the full kit is no edition");
    let all: Vec<&str> = kit.catalogue().exercises().map(|e| e.name.as_str()).collect();
    assert_eq!(released.edition.exercises, all);
}

#[test]
fn chapters_that_are_left_out_leave_no_trace() {
    let kit = kit();
    let whole = &WHOLE.0.edition;
    let options = ReleaseOptions {
        chapters: vec![6, 2],
        label: Some("Week \"2\"".to_owned()),
        ..ReleaseOptions::default()
    };
    let (_folder, Released { folder, edition, .. }, files) = released(&kit, options);
    let theirs = kit.catalogue().exercises().filter(|e| ["02", "06"].contains(&&e.folder[..2]));
    assert_eq!(edition.exercises, theirs.map(|e| &*e.name).collect::<Vec<_>>());
    assert!(edition.exercises.starts_with(&["yield_now".to_owned()]));
    assert!(edition.exercises.contains(&"db_connection".to_owned()));
    assert_ne!(edition.id, whole.id);
    assert_eq!(edition.label.as_deref(), Some("Week \"2\""));
    assert_eq!(Edition { label: None, ..edition.clone() }, {
        let chapters = vec![2, 6];
        released(&kit, ReleaseOptions { chapters, ..ReleaseOptions::default() }).1.edition
    });

    let small = Kit::open(&folder).unwrap();
    small.check_files().unwrap();
    let numbers: Vec<u32> = small.catalogue().chapters.iter().map(|c| c.number).collect();
    assert_eq!(numbers, [2, 6]);
    let is_kept = |e: &&Exercise| edition.exercises.contains(&e.name);
    for gone in kit.catalogue().exercises().filter(|e| !is_kept(e)) {
        for (path, bytes) in &files {
            assert!(!path.contains(&gone.name), "{path}");
            let text = String::from_utf8_lossy(bytes);
            // The program takes some exercises as examples in its help, and
            // its sources and the kit's documentation do.
            // Pitfalls have groups, and one may be called as an exercise is.
            let is_data = path.ends_with(".toml")
                && !path.starts_with("exercises/text/")
                && path != "exercises/pitfalls.toml";
            let is_list = path == "README.md" || path.ends_with(".sha256");
            // A pitfall may begin with the same word.
            let in_a_name = |c: char| c.is_alphanumeric() || "_-".contains(c);
            let is_named = text.split(|c| !in_a_name(c)).any(|word| word == gone.name);
            assert!(!(is_data || is_list) || !is_named, "{} {path}", gone.name);
        }
    }
    // Cargo is content with the manifests and with the lock file as it is.
    let tree = cargo(&folder, &["tree", "--workspace", "--locked", "--offline", "--quiet"]);
    assert!(tree.status.success(), "{}", err(&tree));
    let crates = out(&tree);
    assert!(
        crates.contains("tokio v") && !crates.contains("rusqlite v") && !crates.contains("insta v")
    );
}

#[test]
fn what_nobody_knows_stays_at_home_and_stubs_are_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for (path, bytes) in tree(&repository(), &|_| true) {
        put(root, &path, &bytes);
    }
    let kit = Kit::open(root).unwrap();
    let slot = kit.catalogue().get("slot").unwrap();
    let stub = stubs::pristine(&self::kit(), slot).unwrap();
    for exercise in kit.catalogue().exercises() {
        let stub = stubs::pristine(&self::kit(), exercise).unwrap();
        put(root, &format!(".asynclings/stubs/{}.rs", exercise.name), &stub);
    }
    let before = &WHOLE.0;

    const MINE: &[u8] = b"// What the instructor tried out.\n";
    for path in [
        "exercises/02_futures_by_hand/slot.rs",
        "exercises/02_futures_by_hand/slot.rs.orig",
        "exercises/02_futures_by_hand/notes.md",
        "exercises/roster.csv",
        "exercises/text/en/roster.toml",
        "tests/slot/more_hidden.rs",
        "tests/slot/compile_fail/answer.stderr",
        "tests/kit/src/not_a_module.rs",
        "checker/src/not_a_module.rs",
        "checker/src/grading/secret.rs",
        "checker/build.rs",
        ".cargo/credentials.toml",
        ".env",
        "course.toml",
        "grades.sqlite",
        "target/debug/answer",
        ".asynclings/progress.json",
    ] {
        put(root, path, MINE);
    }
    let (_second, after, files) = released(&kit, ReleaseOptions::default());
    for (path, bytes) in &files {
        assert!(!bytes.windows(MINE.len()).any(|window| window == MINE), "{path}");
    }
    assert_eq!(files["exercises/02_futures_by_hand/slot.rs"], stub);
    assert_eq!(after.edition, before.edition);

    // A stub that is nowhere to be found stops it, and nothing is written.
    fs::remove_file(root.join(".asynclings/stubs/slot.rs")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let options =
        ReleaseOptions { folder: elsewhere.path().join("new"), ..ReleaseOptions::default() };
    assert_eq!(release(&kit, &options).unwrap_err().key(), "no-stub");
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    // So does a source that cannot be read as Rust.
    fs::write(root.join("exercises/02_futures_by_hand/slot.rs"), &stub).unwrap();
    put(root, ".asynclings/stubs/slot.rs", &stub);
    put(root, "checker/src/hash.rs", b"fn broken( {\n");
    let problem = release(&kit, &options).unwrap_err();
    assert!(problem.to_string().contains("checker/src/hash.rs:1:"), "{problem}");
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn every_stub_is_listed() {
    let kit = kit();
    let list = fs::read_to_string(kit.root().join(stubs::LIST)).unwrap();
    for exercise in kit.catalogue().exercises() {
        // As git has it, or as its author has just written it.
        let path = kit.stub(exercise);
        let committed = format!("HEAD:./{}", kit.shown(&path).to_string().replace('\\', "/"));
        let git = Command::new("git").args(["show", &committed]).current_dir(kit.root()).output();
        let committed = git.ok().filter(|out| out.status.success()).map(|out| out.stdout);
        let known = [committed, fs::read(&path).ok()];
        let lines: Vec<String> =
            known.iter().flatten().map(|stub| stubs::line(exercise, stub)).collect();
        assert!(
            lines.iter().any(|line| list.lines().any(|listed| listed == line.trim_end())),
            "{} must have a line for {}; see \"Stub and solution\" in CONTRIBUTING.md",
            stubs::LIST,
            exercise.name
        );
    }
    assert_eq!(list.lines().count(), kit.catalogue().len(), "one line each, and no others");
    assert_eq!(list, stubs::sorted(&list), "in the order of the files");
}

// ---- As a student uses it ----

/// An edition that is always at the same place, so that it is built once.
struct Student {
    root: PathBuf,
    target: PathBuf,
}

impl Student {
    fn lay_out() -> Self {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let files = &WHOLE.1;
        let root = scratch.join("edition");
        let _ = fs::remove_dir_all(root.join(".asynclings"));
        fs::create_dir_all(&root).unwrap();
        for stale in tree(&root, &|path| !files.contains_key(path)).into_keys() {
            fs::remove_file(root.join(stale)).unwrap();
        }
        for (path, bytes) in files {
            put(&root, path, bytes);
        }
        Student { root, target: scratch.join("edition_target") }
    }

    fn cargo(&self, args: &[&str]) -> Output {
        let mut command = plain_cargo(&self.root);
        command.args(args).env("CARGO_TARGET_DIR", &self.target).output().unwrap()
    }

    /// The program that was built here.
    fn learn(&self, args: &[&str]) -> Output {
        let program = self.target.join("debug/asynclings").with_extension(EXE_EXTENSION);
        let mut command = as_usual(Command::new(program), &self.root);
        command.args(args).env("CARGO_TARGET_DIR", &self.target).output().unwrap()
    }

    fn verdict(&self, name: &str) -> Value {
        let run = self.learn(&["run", name, "--json"]);
        serde_json::from_slice(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", err(&run)))
    }
}

#[test]
fn an_edition_works_by_itself() {
    let student = Student::lay_out();
    let kit = kit();

    // As in the full kit: everything fails, and says where to begin.
    let test = student.cargo(&["test", "--offline", "--locked"]);
    let (said, built) = (out(&test), err(&test));
    assert_eq!(test.status.code(), Some(101), "{said}{built}");
    assert!(!built.contains("warning"), "{built}");
    let built = student.cargo(&["build", "--offline", "--locked", "-p", "asynclings"]);
    assert!(built.status.success() && !err(&built).contains("warning"), "{}", err(&built));
    assert!(said.contains(&format!("0 passed; {} failed", kit.catalogue().len())), "{said}");
    assert!(said.contains("check  cargo test --test hello_async"), "{said}");
    for exercise in kit.catalogue().exercises() {
        let verdict = student.verdict(&exercise.name);
        assert_eq!(verdict["status"], "not_started", "{verdict:#}");
        assert_eq!(verdict["untouched"], true, "{}", exercise.name);
        let main = verdict["main"]["pitfall"].as_str().unwrap_or("todo");
        assert_eq!(main, exercise.stub, "{}", exercise.name);
        let tests = verdict["tests"].as_array().unwrap();
        // Behind a type gate no test has its turn.
        let is_stopped = verdict["main"]["stage"] == "type-gate";
        assert!(tests.is_empty() == is_stopped, "{verdict:#}");
        assert!(tests.iter().all(|t| t["hidden"] == false), "{verdict:#}");
    }

    // The right answer is right here as well, compile-fail cases included.
    for name in ["gather_fetch", "db_connection"] {
        let exercise = kit.catalogue().get(name).unwrap();
        let place = format!("exercises/{}/{name}.rs", exercise.folder);
        let stub = fs::read(student.root.join(&place)).unwrap();
        put(&student.root, &place, &fs::read(kit.solution(exercise)).unwrap());
        let verdict = student.verdict(name);
        assert_eq!(verdict["status"], "passed", "{verdict:#}");
        let reset = student.learn(&["reset", name, "--yes"]);
        assert!(reset.status.success(), "{}", err(&reset));
        assert_eq!(fs::read(student.root.join(&place)).unwrap(), stub);
    }
    let one = student.cargo(&["test", "--offline", "--locked", "--test", "hello_async"]);
    assert_eq!(one.status.code(), Some(101));

    // The other commands, and those that there are not.
    let list = out(&student.learn(&["list", "--json"]));
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["edition"]["id"], edition_of(&student.root).unwrap().id);
    let hint = student.learn(&["hint", "slot", "--all"]);
    assert!(hint.status.success() && !out(&hint).contains("learn solution"), "{}", out(&hint));
    let solution = student.learn(&["solution", "slot", "--yes"]);
    assert_eq!(solution.status.code(), Some(2));
    assert!(err(&solution).contains("no solutions"), "{}", err(&solution));
    let verify = student.learn(&["verify"]);
    assert_eq!(verify.status.code(), Some(2));
    assert!(err(&verify).contains("student edition"), "{}", err(&verify));
    let help = out(&student.learn(&["--help"]));
    assert!(help.contains("\n  hint ") && !help.contains("verify"), "{help}");
}

fn plain_cargo(folder: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    as_usual(Command::new(cargo), folder)
}

/// Whatever those who run the tests have set.
fn as_usual(mut command: Command, folder: &Path) -> Command {
    command.current_dir(folder).stdin(Stdio::null()).env("ASYNCLINGS_LANG", "en");
    command.env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE").env_remove("CARGO_TARGET_DIR");
    command
}

fn cargo(folder: &Path, args: &[&str]) -> Output {
    plain_cargo(folder).args(args).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// On one line: messages are wrapped.
fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).replace('\n', " ")
}

/// Writes only what differs: cargo goes by time.
fn put(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    if fs::read(&path).is_ok_and(|old| old == bytes) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}
