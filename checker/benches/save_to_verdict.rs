//! How long from a saved file to its verdict, in ratios.
//!
//! `cargo bench -p asynclings` takes every exercise through the same edits in
//! four ways, one after the other in the same round, so that a slow moment of
//! the machine meets all of them:
//!
//! - the checker: [`asynclings::check::check`], as the watch calls it;
//! - (a) `cargo test --test NAME` under the same profile;
//! - (b) what rustlings does for an exercise: build, test, clippy and run, each
//!   through cargo;
//! - (c) the floor: one incremental run of the compiler on the same test crate,
//!   without debug information as in the checker, and one run of the program.
//!
//! Every edit adds a function above the answer, so all lines below it move: an
//! edit that moves none flatters incremental builds. It works on a copy of the
//! kit in the target folder. `-- NAME…` measures some exercises only,
//! `-- --rounds N` more or fewer rounds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use asynclings::catalogue::Exercise;
use asynclings::check::{Options, check};
use asynclings::kit::Kit;

const ROUNDS: u32 = 5;
const WAYS: [&str; 4] = ["checker", "cargo test", "four steps", "floor"];

fn main() -> ExitCode {
    let mut rounds = ROUNDS;
    let mut names = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--bench" => {}
            "--rounds" => rounds = args.next().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS),
            _ => names.push(arg),
        }
    }
    let here = Kit::find_from(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("this is a kit");
    let copy = copy_of(&here);
    let bench = Bench::new(copy);
    let exercises: Vec<Exercise> = bench
        .kit
        .catalogue()
        .exercises()
        .filter(|e| names.is_empty() || names.contains(&e.name))
        .cloned()
        .collect();
    if exercises.is_empty() {
        eprintln!("No exercise is called {}.", names.join(" or "));
        return ExitCode::from(2);
    }
    bench.report(&exercises, rounds);
    ExitCode::SUCCESS
}

struct Bench {
    kit: Kit,
    four_steps: PathBuf,
}

impl Bench {
    fn new(root: PathBuf) -> Self {
        let kit = Kit::open(&root).expect("the copy is a kit");
        let four_steps = four_step_package(&kit);
        Bench { kit, four_steps }
    }

    fn report(&self, exercises: &[Exercise], rounds: u32) {
        println!("\nSave to verdict: medians of {rounds} edits, in milliseconds, and ratios.\n");
        println!(
            "{:<16}{:>9}{:>12}{:>12}{:>9}{:>12}{:>12}{:>12}",
            "exercise", WAYS[0], WAYS[1], WAYS[2], WAYS[3], "/ floor", "/ cargo", "/ four"
        );
        let mut ratios: [Vec<f64>; 3] = Default::default();
        for exercise in exercises {
            let medians = self.measure(exercise, rounds);
            let [checker, cargo, four, floor] = medians.map(|d| d.as_secs_f64() * 1e3);
            let own = [checker / floor, checker / cargo, checker / four];
            println!(
                "{:<16}{checker:>9.0}{cargo:>12.0}{four:>12.0}{floor:>9.0}{:>12.2}{:>12.2}{:>12.2}",
                exercise.name, own[0], own[1], own[2]
            );
            for (all, ratio) in ratios.iter_mut().zip(own) {
                all.push(ratio);
            }
        }
        let [floor, cargo, four] = ratios.map(|mut all| {
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        });
        println!("\nMedian over {} exercises:", exercises.len());
        println!("  checker / one run of the compiler and the program   {floor:.2}   (goal: 1.2)");
        println!("  checker / cargo test --test NAME                    {cargo:.2}   (goal: 0.8)");
        println!("  checker / build, test, clippy, run through cargo    {four:.2}   (goal: 0.25)");
    }

    /// The median of each of the [`WAYS`].
    fn measure(&self, exercise: &Exercise, rounds: u32) -> [Duration; 4] {
        let answer = fs::read_to_string(self.kit.solution(exercise)).expect("a solution");
        let mut times: [Vec<Duration>; 4] = Default::default();
        // The first edit only warms what all of them keep.
        for round in 0..=rounds {
            self.edit(exercise, &answer, round);
            let took = [
                self.checker(exercise),
                self.cargo_test(exercise),
                self.four_steps(exercise),
                self.floor(exercise),
            ];
            if round > 0 {
                times.iter_mut().zip(took).for_each(|(all, took)| all.push(took));
            }
        }
        times.map(|mut all| {
            all.sort();
            all[all.len() / 2]
        })
    }

    /// Saves the answer with as many functions above it as rounds have been.
    fn edit(&self, exercise: &Exercise, answer: &str, round: u32) {
        let (header, body) = split_header(answer);
        let added: String =
            (0..=round).map(|i| format!("fn edit_{i}() -> u32 {{\n    {i}\n}}\n")).collect();
        let text = format!("{header}\n{added}\n{body}");
        fs::write(self.kit.stub(exercise), text).expect("the copy can be written");
    }

    fn checker(&self, exercise: &Exercise) -> Duration {
        let start = Instant::now();
        let verdict = check(&self.kit, exercise, &self.kit.stub(exercise), &Options::default())
            .expect("the check runs");
        let took = start.elapsed();
        assert!(verdict.status.is_passed() && !verdict.cached, "{}: {verdict:?}", exercise.name);
        took
    }

    fn cargo_test(&self, exercise: &Exercise) -> Duration {
        let mut command = self.cargo(self.kit.root());
        timed(command.args(["test", "--quiet", "--test", &exercise.name]))
    }

    fn four_steps(&self, exercise: &Exercise) -> Duration {
        let steps: [&[&str]; 3] = [&["build"], &["test"], &["clippy", "--profile", "test"]];
        let start = Instant::now();
        for step in steps {
            let mut cargo = self.cargo(&self.four_steps);
            timed(cargo.args(step).args(["--quiet", "--bin", &exercise.name]));
        }
        timed(&mut Command::new(self.kit.target().join("debug").join(&exercise.name)));
        start.elapsed()
    }

    /// One run of the compiler with what the checker found compiled, and one
    /// run of what it made.
    fn floor(&self, exercise: &Exercise) -> Duration {
        #[derive(serde::Deserialize)]
        struct Toolbox {
            externs: Vec<(String, PathBuf)>,
            search: Vec<PathBuf>,
        }
        let file = self.kit.target().join("asynclings").join("toolbox.json");
        let toolbox = fs::read_to_string(file).expect("the checker has just used it");
        let toolbox: Toolbox = serde_json::from_str(&toolbox).expect("its own format");
        let folder = self.kit.target().join("floor");
        fs::create_dir_all(&folder).expect("the target folder can be written");
        let program = folder.join(format!("{}{}", exercise.name, std::env::consts::EXE_SUFFIX));
        let mut rustc = Command::new(rustc());
        rustc
            .args(["--edition=2024", "--test", "-C", "debuginfo=0", "-C", "strip=debuginfo"])
            .args(["--crate-name", &exercise.name, "-o"])
            .arg(&program)
            .arg("-C")
            .arg(format!("incremental={}", folder.join("incremental").display()))
            .arg(self.kit.tests(exercise).join("main.rs"));
        for path in toolbox.search {
            rustc.arg("-L").arg(format!("dependency={}", path.display()));
        }
        for (name, path) in toolbox.externs {
            rustc.arg("--extern").arg(format!("{name}={}", path.display()));
        }
        timed(&mut rustc) + timed(&mut Command::new(program))
    }

    /// Cargo as a learner's shell would start it, in the copy's target folder.
    fn cargo(&self, folder: &Path) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(folder).env("CARGO_TARGET_DIR", self.kit.target());
        cargo
    }
}

/// The compiler itself: rustup's proxy would add to the floor.
fn rustc() -> PathBuf {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output().expect("rustc runs");
    Path::new(String::from_utf8_lossy(&sysroot.stdout).trim()).join("bin").join("rustc")
}

/// Runs a command that must succeed; what it prints is only for failures.
fn timed(command: &mut Command) -> Duration {
    let start = Instant::now();
    let output = command.stdin(Stdio::null()).output().expect("the program can be started");
    let took = start.elapsed();
    let said = || String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {}\n{}", output.status, said());
    took
}

/// The header comment of an answer, and the rest.
fn split_header(answer: &str) -> (String, String) {
    let cut = answer.lines().take_while(|l| l.starts_with("//!")).count();
    let lines = |from, to| answer.lines().skip(from).take(to).collect::<Vec<_>>().join("\n");
    (lines(0, cut), lines(cut, usize::MAX) + "\n")
}

/// A copy of the kit in its target folder: nobody's answers are touched.
fn copy_of(kit: &Kit) -> PathBuf {
    let root = kit.target().join("bench-kit");
    fs::create_dir_all(&root).expect("the target folder can be written");
    for name in ["Cargo.toml", "Cargo.lock", "exercises", "solutions", "tests", "checker"] {
        copy(&kit.root().join(name), &root.join(name));
    }
    root
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("the target folder can be written");
        for entry in fs::read_dir(from).expect("the kit can be read") {
            let entry = entry.expect("the kit can be read");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else if fs::read(from).ok() != fs::read(to).ok() {
        fs::copy(from, to).expect("the target folder can be written");
    }
}

/// A package in which every exercise is a program with its tests, as in
/// rustlings.
fn four_step_package(kit: &Kit) -> PathBuf {
    let folder = kit.root().join("four-steps");
    let mut manifest = String::from(
        "[package]\nname = \"four-steps\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nasync-stream = \"0.3.6\"\npin-project-lite = \"0.2.18\"\n\
         futures = { version = \"0.3.34\", default-features = false, features = [\"std\", \"async-await\", \"executor\"] }\n\
         kit = { package = \"asynclings-kit\", path = \"../tests/kit\" }\n\
         tokio = { version = \"1.54\", features = [\"rt-multi-thread\", \"macros\", \"time\", \"sync\", \"io-util\", \"test-util\"] }\n\
         \n[profile.dev]\ndebug = \"line-tables-only\"\n[profile.dev.package.\"*\"]\ndebug = false\n",
    );
    for exercise in kit.catalogue().exercises() {
        let name = &exercise.name;
        manifest += &format!("\n[[bin]]\nname = \"{name}\"\npath = \"{name}.rs\"\n");
        let root = format!(
            "extern crate self as exercise;\n#[path = {answer:?}]\n#[allow(dead_code)]\npub mod {name};\n\
             #[cfg(test)]\n#[path = {hidden:?}]\nmod hidden;\n\
             #[cfg(test)]\n#[path = {visible:?}]\nmod visible;\n\nfn main() {{}}\n",
            answer = kit.stub(exercise),
            hidden = kit.tests(exercise).join("hidden.rs"),
            visible = kit.tests(exercise).join("visible.rs"),
        );
        write_if_new(&folder.join(format!("{name}.rs")), &root);
    }
    write_if_new(&folder.join("Cargo.toml"), &manifest);
    folder
}

fn write_if_new(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("can be written");
        fs::write(path, text).expect("the target folder can be written");
    }
}
