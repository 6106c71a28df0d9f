//! A batch from its submissions to its store: right, never done twice, and the
//! same however often it is interrupted.
//!
//! With `ASYNCLINGS_CLASS=200` the last test grades so many students in all
//! exercises, and kills the grader twenty times; see CONTRIBUTING.md.
#![cfg(all(feature = "teach", target_os = "linux"))]

mod alone;
mod class;
mod here;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use alone::alone;
use asynclings::grading::model::AttemptOutcome;
use asynclings::grading::store::{Detail, Store};
use asynclings::kit::Kit;
use class::kit_copy::{lay_out, put};
use class::{Class, Deck, Plan};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

/// The quickest to be judged; one of them has a compile-fail case.
const EXERCISES: [&str; 3] = ["hello_async", "yield_now", "slot"];

const SMALL: Plan = Plan { students: 6, seed: 3, own: 30, hostile: true };

/// How many students the big test has; without, it is left out.
const CLASS: &str = "ASYNCLINGS_CLASS";
const KILLS: usize = 20;

/// A copy of the kit, and a folder for what it grades.
struct School {
    root: PathBuf,
    folder: PathBuf,
}

/// The small class in its school, for one test at a time, graded once.
struct Small {
    school: School,
    class: Class,
}

/// The school's folder is this process's, to its end.
static SCHOOL: LazyLock<File> = LazyLock::new(|| alone("school"));

static SMALL_CLASS: LazyLock<Mutex<Small>> = LazyLock::new(|| {
    let school = School::open("small");
    let class = school.class(&EXERCISES, SMALL);
    school.graded(&EXERCISES, "undisturbed", &[]);
    Mutex::new(Small { school, class })
});

fn small() -> MutexGuard<'static, Small> {
    SMALL_CLASS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl School {
    fn open(name: &str) -> Self {
        LazyLock::force(&SCHOOL);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("school");
        lay_out(&root);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("class-{name}"));
        let _ = fs::remove_dir_all(&folder);
        for inner in ["in", "tmp"] {
            fs::create_dir_all(folder.join(inner)).unwrap();
        }
        School { root, folder }
    }

    fn kit(&self) -> Kit {
        Kit::open(&self.root).unwrap()
    }

    fn store(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn class(&self, exercises: &[&str], plan: Plan) -> Class {
        Class::hand_in(&self.kit(), exercises, plan, &self.folder.join("in"))
    }

    /// The program, about to grade into this store.
    fn grade(&self, exercises: &[&str], store: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asynclings"));
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .env("TMPDIR", self.folder.join("tmp"))
            .env("ASYNCLINGS_LANG", "en")
            .arg("grade")
            .arg(self.folder.join("in"))
            .arg("--store")
            .arg(self.store(store))
            .args(["--json", "--jobs", "2"])
            .args(exercises.iter().flat_map(|name| ["--only", name]))
            .args(more)
            .stdin(Stdio::null());
        command
    }

    /// Grades to the end; returns how many answers were judged.
    fn graded(&self, exercises: &[&str], store: &str, more: &[&str]) -> u64 {
        let output = self.grade(exercises, store, more).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", output.status);
        let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
        summary["judged"].as_u64().unwrap()
    }

    /// Begins to grade, and sends this signal as soon as the store has so many
    /// verdicts. False: it was done before that.
    fn interrupted(
        &self,
        exercises: &[&str],
        store: &str,
        more: &[&str],
        signal: Signal,
        verdicts: usize,
    ) -> bool {
        let mut command = self.grade(exercises, store, more);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let reached = self.reaches(&mut child, store, verdicts);
        if reached {
            kill(Pid::from_raw(child.id() as i32), signal).unwrap();
        }
        let status = child.wait().unwrap();
        if reached && signal == Signal::SIGINT {
            assert!(status.code().is_some(), "it takes leave by itself: {status}");
        }
        reached && !status.success()
    }

    fn reaches(&self, child: &mut Child, store: &str, verdicts: usize) -> bool {
        loop {
            if child.try_wait().unwrap().is_some() {
                return false;
            }
            if self.verdicts(store) >= verdicts {
                return true;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// How many verdicts are in the store so far; none if there is no store.
    fn verdicts(&self, store: &str) -> usize {
        let Ok(store) = Store::open_existing(&self.store(store)) else { return 0 };
        let statistics = store.statistics().unwrap_or_default();
        statistics.iter().map(|e| e.attempts - e.refused - e.waiting).sum::<u64>() as usize
    }

    fn open_store(&self, name: &str) -> Store {
        let store = Store::open_existing(&self.store(name)).unwrap();
        store.check().unwrap();
        store
    }

    /// These stores hold the same attempts, with the same verdicts in the same
    /// ways. What differs besides is told: some wrong answers fail a test of real
    /// threads only now and then, beside others each time, and some print the
    /// real time.
    fn assert_same(&self, one: &str, other: &str) {
        let [one, other] = [one, other].map(|name| self.open_store(name));
        let gist = |store: &Store| -> Vec<_> {
            let attempts = store.attempts(Detail::Marks).unwrap().into_iter();
            let told = |outcome| match outcome {
                AttemptOutcome::Checked(verdict) => Ok((verdict.status, verdict.main.clone())),
                other => Err(other),
            };
            attempts.map(|a| (a.student, a.exercise, a.submitted, told(a.outcome))).collect()
        };
        assert_eq!(gist(&one), gist(&other));
        let [one, other] = [one, other].map(|store| store.dump().unwrap());
        let [one, other] = [&one, &other].map(|dump| dump.lines().collect::<BTreeSet<_>>());
        let details = ["test", "diagnosis", "events", "verdict"];
        let kind = |line: &str| line.split('"').nth(1).unwrap_or_default().to_owned();
        let (detail, rest): (Vec<&str>, Vec<&str>) =
            one.symmetric_difference(&other).partition(|line| details.contains(&&*kind(line)));
        assert_eq!(rest, [] as [&str; 0]);
        let verdicts = detail.iter().filter(|line| kind(line) == "verdict").count() / 2;
        println!("{verdicts} verdicts differ in details");
    }

    /// No process that works for this school is left, and no file.
    fn assert_nothing_is_left(&self) {
        // A process that was killed may take a moment to be gone.
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let left = self.processes();
            if left.is_empty() {
                break;
            }
            assert!(Instant::now() < until, "{left:#?}");
            thread::sleep(Duration::from_millis(20));
        }
        let left: Vec<_> = fs::read_dir(self.folder.join("tmp")).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }

    /// What runs with something of this school on its command line.
    fn processes(&self) -> Vec<String> {
        let ours = [&self.root, &self.folder].map(|path| path.to_str().unwrap().to_owned());
        let all = fs::read_dir("/proc").unwrap().flatten();
        let lines = all.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
        lines
            .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
            .filter(|line| ours.iter().any(|path| line.contains(path)))
            .collect()
    }
}

#[test]
fn every_answer_gets_what_it_deserves_and_none_is_judged_twice() {
    if !here::can_confine() {
        return;
    }
    let Small { school, class } = &*small();
    println!("{:?}", class.kinds());
    let attempts = school.open_store("undisturbed").attempts(Detail::Marks).unwrap();
    assert_eq!(class.differences(&attempts), [] as [&str; 0]);

    // Whoever compiles does it in there.
    let work = school.root.join("target/asynclings/work");
    fs::remove_dir_all(&work).unwrap();
    assert_eq!(school.graded(&EXERCISES, "undisturbed", &[]), 0);
    assert!(!work.exists(), "something was compiled");
    let again = school.open_store("undisturbed").attempts(Detail::Marks).unwrap();
    assert_eq!(again, attempts);
    school.assert_nothing_is_left();
}

#[test]
fn a_changed_test_is_asked_of_exactly_those_whom_it_concerns() {
    if !here::can_confine() {
        return;
    }
    let Small { school, class } = &*small();
    fs::copy(school.store("undisturbed"), school.store("changed")).unwrap();
    let test = school.root.join("tests/yield_now/hidden.rs");
    let as_it_was = fs::read(&test).unwrap();
    put(&test, &[&as_it_was[..], b"\n// Says the same in other words.\n"].concat());
    let judged = school.graded(&EXERCISES, "changed", &[]);
    put(&test, &as_it_was);

    let concerned: BTreeSet<&[u8]> = class
        .answers
        .iter()
        .filter(|a| a.exercise == "yield_now" && a.expected != class::Expected::Refused)
        .filter_map(|a| a.content.as_deref())
        .collect();
    assert!(concerned.len() > 3, "{}", concerned.len());
    assert_eq!(judged, concerned.len() as u64);
    let attempts = school.open_store("changed").attempts(Detail::Marks).unwrap();
    assert_eq!(class.differences(&attempts), [] as [&str; 0]);

    // And back: nothing is forgotten.
    assert_eq!(school.graded(&EXERCISES, "changed", &[]), 0);
}

#[test]
fn shards_that_were_interrupted_and_joined_say_the_same_as_one_run() {
    if !here::can_confine() {
        return;
    }
    let Small { school, .. } = &*small();
    // Each shard says the same of a student's place as the whole does.
    let first = ["--shard", "1/2"];
    assert!(school.interrupted(&EXERCISES, "first", &first, Signal::SIGINT, 2));
    school.assert_nothing_is_left();
    school.graded(&EXERCISES, "first", &first);

    let second = ["--shard", "2/2"];
    for verdicts in [1, 4] {
        assert!(school.interrupted(&EXERCISES, "second", &second, Signal::SIGKILL, verdicts));
    }
    school.graded(&EXERCISES, "second", &second);
    school.assert_nothing_is_left();

    let status = Command::new(env!("CARGO_BIN_EXE_asynclings"))
        .args(["merge".as_ref(), school.store("joined").as_os_str()])
        .args([school.store("first"), school.store("second")])
        .status();
    assert!(status.unwrap().success());
    school.assert_same("joined", "undisturbed");
    assert_eq!(school.graded(&EXERCISES, "joined", &[]), 0);
}

/// By hand: `ASYNCLINGS_CLASS=200 cargo test … --test grading -- a_large_class --nocapture`.
#[test]
fn a_large_class_and_a_grader_that_is_killed_again_and_again() {
    if !here::can_confine() {
        return;
    }
    let Some(students) = env::var(CLASS).ok().and_then(|n| n.parse().ok()) else { return };
    let school = School::open("large");
    let kit = school.kit();
    let all: Vec<&str> = kit.catalogue().exercises().map(|e| e.name.as_str()).collect();
    let plan = Plan { students, seed: 2026, own: 10, hostile: true };
    let class = school.class(&all, plan);
    let handed_in: BTreeSet<_> =
        class.answers.iter().filter_map(|a| Some((&a.exercise, a.content.as_deref()?))).collect();
    println!("{students} students, {:?}, {} different answers", class.kinds(), handed_in.len());

    let begun = Instant::now();
    let judged = school.graded(&all, "undisturbed", &[]);
    println!("undisturbed: {judged} judged in {:?}", begun.elapsed());
    let attempts = school.open_store("undisturbed").attempts(Detail::Marks).unwrap();
    let differences = class.differences(&attempts);
    println!("{} of {} as expected", attempts.len() - differences.len(), attempts.len());
    differences.iter().for_each(|difference| println!("  {difference}"));

    let begun = Instant::now();
    let mut chance = Deck::new(7, false);
    let mut at: Vec<usize> =
        (0..KILLS).map(|_| chance.below(attempts.len() as u64 * 4 / 5) as usize).collect();
    at.sort_unstable();
    let mut killed = 0;
    for verdicts in at {
        let reached = school.interrupted(&all, "killed", &[], Signal::SIGKILL, verdicts);
        killed += usize::from(reached);
        println!(
            "at {verdicts}: {}, {:?}",
            if reached { "killed" } else { "done" },
            begun.elapsed()
        );
    }
    school.graded(&all, "killed", &[]);
    println!("killed {killed} times: {:?}", begun.elapsed());
    school.assert_nothing_is_left();
    school.assert_same("killed", "undisturbed");
    assert_eq!(differences, [] as [&str; 0]);
    assert_eq!(killed, KILLS);
}
