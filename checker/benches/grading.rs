//! How fast a batch is graded, in ratios.
//!
//! `cargo bench -p asynclings --features teach --bench grading` grades the same
//! submissions in several ways, some students at a time and then the others, so
//! that a slow moment of the machine meets all ways:
//!
//! - the grader, with everything to do, and again with nothing changed;
//! - `cargo test` for each exercise in a fresh copy of the kit with the
//!   student's files in place, all copies with one target folder;
//! - the same in one copy whose files are replaced: then cargo has the kit
//!   compiled already. A copy lacks the checker, so cargo need not build it.
//!
//! `-- --students N` says how many (6), `--sample N` how many of them cargo is
//! given (all): it takes a minute for three. `--own N` says how many answers of a
//! hundred are their student's own (100); of the others many students hand in
//! the same one, which the grader judges once. `--growth` instead shows how time
//! and memory grow from 10 to 1,000 submissions, with `--own 0`. Names say which
//! exercises. It works in the target folder.

#[path = "../tests/class/mod.rs"]
mod class;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use asynclings::kit::Kit;
use class::kit_copy::{lay_out, put};
use class::{Class, Given, Plan};

const STUDENTS: usize = 6;

/// In so many parts the students are taken.
const PARTS: usize = 3;

/// Enough for what does not depend on their number to weigh little.
const GROWTH: [usize; 3] = [10, 100, 1000];

fn main() -> ExitCode {
    let mut plan = Plan { students: STUDENTS, seed: 1, own: 100, hostile: false };
    let (mut sample, mut growth, mut names) = (usize::MAX, false, Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || {
            let said = args.next().and_then(|n| n.parse::<usize>().ok());
            said.unwrap_or_else(|| panic!("{arg} wants a number"))
        };
        match arg.as_str() {
            "--bench" => {}
            "--growth" => growth = true,
            "--students" => plan.students = number().max(1),
            "--sample" => sample = number().max(1),
            "--own" => plan.own = number() as u64,
            _ => names.push(arg),
        }
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-grading");
    let _ = fs::remove_dir_all(folder.join("batch"));
    lay_out(&folder.join("kit"));
    let kit = Kit::open(&folder.join("kit")).expect("the copy is a kit");
    let all = kit.catalogue().exercises().map(|e| e.name.clone());
    let exercises: Vec<String> = all.filter(|e| names.is_empty() || names.contains(e)).collect();
    if exercises.is_empty() {
        eprintln!("No exercise is called {}.", names.join(" or "));
        return ExitCode::from(2);
    }
    let bench = Bench { folder, kit, exercises };
    if growth {
        bench.growth()
    } else {
        bench.rates(plan, sample.min(plan.students))
    }
    ExitCode::SUCCESS
}

struct Bench {
    folder: PathBuf,
    kit: Kit,
    exercises: Vec<String>,
}

/// What some work took.
#[derive(Clone, Copy, Debug, Default)]
struct Took {
    wall: Duration,
    /// Of all processes that it started.
    cpu: Duration,
}

impl Took {
    fn by(work: impl FnOnce()) -> Self {
        let (begun, before) = (Instant::now(), cpu_of_children());
        work();
        Took { wall: begun.elapsed(), cpu: cpu_of_children() - before }
    }

    fn add(&mut self, other: Took) {
        self.wall += other.wall;
        self.cpu += other.cpu;
    }
}

/// Of those that have ended, as Linux counts it, in hundredths of a second.
fn cpu_of_children() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name may hold anything; what follows it does not.
    let numbers = stat.rsplit_once(") ").map(|(_, rest)| rest).unwrap_or_default();
    let of_children = numbers.split(' ').skip(13).take(2).filter_map(|n| n.parse::<u64>().ok());
    Duration::from_millis(10 * of_children.sum::<u64>())
}

/// The most that a process ever had in memory, in KiB; None if it has ended.
fn most_memory(status: &str) -> Option<u64> {
    let status = fs::read_to_string(status).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

impl Bench {
    fn hand_in(&self, plan: Plan) -> Class {
        let names: Vec<&str> = self.exercises.iter().map(String::as_str).collect();
        let folder = self.batch();
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the target folder can be written");
        Class::hand_in(&self.kit, &names, plan, &folder)
    }

    fn batch(&self) -> PathBuf {
        self.folder.join("batch")
    }

    /// Grades the batch; returns how many answers were judged, and the most
    /// memory that the grader had, in KiB.
    fn grade(&self, store: &Path) -> (u64, u64) {
        let child = Command::new(env!("CARGO_BIN_EXE_asynclings"))
            .current_dir(self.kit.root())
            .env("CARGO_TARGET_DIR", self.kit.root().join("target"))
            .arg("grade")
            .arg(self.batch())
            .arg("--store")
            .arg(store)
            .arg("--json")
            .args(self.exercises.iter().flat_map(|name| ["--only", name]))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let status = format!("/proc/{}/status", child.id());
        let peak = thread::spawn(move || {
            let mut peak = 0;
            while let Some(most) = most_memory(&status) {
                peak = most;
                thread::sleep(Duration::from_millis(20));
            }
            peak
        });
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", output.status);
        let summary: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let judged = summary["judged"].as_u64().expect("a number");
        (judged, peak.join().expect("it only reads"))
    }

    fn store(&self, name: &str) -> PathBuf {
        let store = self.folder.join(format!("{name}.sqlite"));
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", store.display()));
        }
        store
    }

    /// The grader against cargo.
    fn rates(&self, plan: Plan, sample: usize) {
        let class = self.hand_in(plan);
        let waiting = self.folder.join("waiting");
        let _ = fs::remove_dir_all(&waiting);
        fs::rename(self.batch(), &waiting).expect("they are neighbours");
        fs::create_dir_all(self.batch()).expect("the target folder can be written");

        // What is compiled once for all is compiled before the clock starts.
        let (same_copy, shared) = (self.folder.join("same"), self.folder.join("shared-target"));
        let idle = self.batch().join("idle");
        fs::create_dir(&idle).expect("the target folder can be written");
        self.grade(&self.store("warm"));
        fs::remove_dir(&idle).expect("it is ours");
        lay_out(&same_copy);
        self.cargo(&same_copy, &shared, &class, "");

        let names: BTreeSet<&str> = class.answers.iter().map(|a| a.student.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let (mut cold, mut fresh, mut same) = (Took::default(), Took::default(), Took::default());
        let store = self.store("rates");
        let (mut judged, mut peak) = (0, 0);
        for part in 0..PARTS {
            let of = |all: usize| all * part / PARTS..all * (part + 1) / PARTS;
            for entry in fs::read_dir(&waiting).expect("it was just written").flatten() {
                let name = entry.file_name().into_string().expect("our own name");
                if names[of(plan.students)].iter().any(|student| name.starts_with(student)) {
                    fs::rename(entry.path(), self.batch().join(name)).expect("neighbours");
                }
            }
            cold.add(Took::by(|| {
                let (now, most) = self.grade(&store);
                judged += now;
                peak = peak.max(most);
            }));
            for student in &names[of(sample)] {
                let copy = self.folder.join(format!("fresh-{student}"));
                fresh.add(Took::by(|| {
                    lay_out(&copy);
                    self.cargo(&copy, &shared, &class, student);
                }));
                let _ = fs::remove_dir_all(&copy);
                same.add(Took::by(|| self.cargo(&same_copy, &shared, &class, student)));
            }
            println!("grader {cold:.1?}, fresh copies {fresh:.1?}, one copy {same:.1?}");
        }
        let again = Took::by(|| assert_eq!(self.grade(&store).0, 0));
        let last = names[sample - 1];
        let cargo_again = Took::by(|| self.cargo(&same_copy, &shared, &class, last));

        let handed_in = |students: &[&str]| {
            let given = class.answers.iter().filter(|a| a.content.is_some());
            given.filter(|a| students.contains(&a.student.as_str())).count()
        };
        let (all, some) = (handed_in(&names), handed_in(&names[..sample]));
        // Nothing of cargo's time depends on the answers if they are unchanged.
        let one = handed_in(&[last]);
        println!("\n{} students, {all} answers, {judged} judged; cargo: {some}.", plan.students);
        println!("The grader's own memory: at most {} MiB.\n", peak / 1024);
        println!("{:<28}{:>10}{:>14}{:>12}{:>12}", "", "a minute", "CPU s each", "rate", "CPU");
        let each = |took: Took, count: usize| {
            (took.wall.as_secs_f64() / count as f64, took.cpu.as_secs_f64() / count as f64)
        };
        let row = |name: &str, (wall, cpu): (f64, f64), against: (f64, f64)| {
            println!(
                "{name:<28}{:>10.1}{cpu:>14.3}{:>11.1}x{:>11.1}x",
                60.0 / wall,
                against.0 / wall,
                against.1 / cpu,
            );
        };
        let (fresh, cargo_again) = (each(fresh, some), each(cargo_again, one));
        row("cargo test, fresh copies", fresh, fresh);
        row("cargo test, one copy", each(same, some), fresh);
        row("grader", each(cold, all), fresh);
        row("cargo test, unchanged", cargo_again, cargo_again);
        row("grader, unchanged", each(again, all), cargo_again);
        println!(
            "\nrate and CPU: how many times better than fresh copies, or than cargo unchanged."
        );
    }

    /// `cargo test` for each answer of a student in this copy of the kit; with
    /// no student, for each stub.
    fn cargo(&self, copy: &Path, target: &Path, class: &Class, student: &str) {
        let there = Kit::open(copy).expect("a kit");
        let mut given = Vec::new();
        for name in &self.exercises {
            let exercise = self.kit.catalogue().get(name).expect("it is there");
            let of = |a: &&Given| a.student == student && a.exercise == *name;
            let answer = class.answers.iter().find(of).and_then(|a| a.content.clone());
            if student.is_empty() || answer.is_some() {
                given.push(name);
            }
            let stub = || fs::read(self.kit.stub(exercise)).expect("a stub");
            put(&there.stub(exercise), &answer.unwrap_or_else(stub));
        }
        for exercise in given {
            let mut cargo =
                Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            cargo
                .current_dir(copy)
                .args(["test", "--quiet", "--no-fail-fast", "--test", exercise, "--target-dir"])
                .arg(target)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            // Most of these fail, as they should.
            cargo.status().expect("cargo can be started");
        }
    }

    /// From ten to a thousand submissions.
    fn growth(&self) {
        println!(
            "{:>12}{:>10}{:>12}{:>12}{:>14}",
            "submissions", "judged", "cold s", "again s", "peak MiB"
        );
        for students in GROWTH {
            let plan = Plan { students, seed: 1, own: 0, hostile: false };
            self.hand_in(plan);
            let store = self.store(&format!("growth-{students}"));
            let (mut judged, mut peak) = (0, 0);
            let cold = Took::by(|| (judged, peak) = self.grade(&store));
            let again = Took::by(|| {
                let (judged, again) = self.grade(&store);
                assert_eq!(judged, 0);
                peak = peak.max(again);
            });
            println!(
                "{students:>12}{judged:>10}{:>12.1}{:>12.2}{:>14}",
                cold.wall.as_secs_f64(),
                again.wall.as_secs_f64(),
                peak / 1024,
            );
        }
    }
}
