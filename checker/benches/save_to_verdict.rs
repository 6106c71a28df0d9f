//! How long from a saved file to its verdict, in ratios.
//!
//! `cargo bench -p asynclings` takes every exercise through the same edits in
//! five ways, one after the other in the same round, so that a slow moment of
//! the machine meets all of them:
//!
//! - the checker: [`asynclings::check::check`], as the watch calls it;
//! - (a) `cargo test --test NAME` under the same profile;
//! - (b) what rustlings does for an exercise: build, test, clippy and run, each
//!   through cargo, in a package with the profile that `rustlings init` writes;
//! - (b') the same four steps under the profile of this kit, which has less
//!   debug information than cargo's own;
//! - (c) the floor: one incremental run of the compiler on the same test crate,
//!   without debug information as in the checker, and one run of the program. It
//!   links everything anew, as cargo does; the checker, on Linux, does not, so it
//!   can get below.
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
const WAYS: usize = 5;
const HEADS: [&str; WAYS] = ["checker", "cargo test", "four steps", "tuned four", "floor"];

/// What `rustlings init` writes; the rest is as cargo has it.
const OF_RUSTLINGS: &str = "[profile.dev]\npanic = \"abort\"\n";

/// What this kit has.
const TUNED: &str = "[profile.dev]\ndebug = \"line-tables-only\"\n\
                     [profile.dev.package.\"*\"]\ndebug = false\n";

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
    /// Makes the edits of this run differ from those of an earlier one, whose
    /// verdicts are known.
    run: u32,
    four_steps: FourSteps,
    tuned_four_steps: FourSteps,
}

/// A package in which every exercise is a program with its tests, as in
/// rustlings, and where cargo builds it.
struct FourSteps {
    folder: PathBuf,
    target: PathBuf,
}

impl Bench {
    fn new(root: PathBuf) -> Self {
        let kit = Kit::open(&root).expect("the copy is a kit");
        let four_steps = FourSteps::lay_out(&kit, "four-steps", OF_RUSTLINGS);
        let tuned_four_steps = FourSteps::lay_out(&kit, "tuned-four-steps", TUNED);
        Bench { kit, run: std::process::id(), four_steps, tuned_four_steps }
    }

    fn report(&self, exercises: &[Exercise], rounds: u32) {
        println!("\nSave to verdict: medians of {rounds} edits, in milliseconds, and ratios.\n");
        let line = |name: &str, cells: &[String]| {
            println!("{name:<16}{}", cells.iter().map(|c| format!("{c:>12}")).collect::<String>());
        };
        let ratios_to = HEADS.iter().skip(1).map(|head| format!("/ {head}"));
        line(
            "exercise",
            &HEADS.map(str::to_owned).into_iter().chain(ratios_to).collect::<Vec<_>>(),
        );
        let mut ratios: [Vec<f64>; WAYS - 1] = Default::default();
        for exercise in exercises {
            let [checker, others @ ..] = self.measure(exercise, rounds);
            let own = others.map(|other| checker.as_secs_f64() / other.as_secs_f64());
            let times = [checker].into_iter().chain(others);
            let times = times.map(|time| time.as_millis().to_string());
            let cells = times.chain(own.iter().map(|ratio| format!("{ratio:.2}")));
            line(&exercise.name, &cells.collect::<Vec<_>>());
            for (all, ratio) in ratios.iter_mut().zip(own) {
                all.push(ratio);
            }
        }
        let medians = ratios.map(|mut all| {
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        });
        println!("\nMedian over {} exercises:", exercises.len());
        let against = [
            ("cargo test --test NAME", "goal: 0.8"),
            ("build, test, clippy, run through cargo, as in rustlings", "goal: 0.25"),
            ("the same under the profile of this kit", "no goal"),
            ("one run of the compiler and one of the program", "goal: 1.2"),
        ];
        for (ratio, (what, goal)) in medians.iter().zip(against) {
            println!("  checker / {what:<57}{ratio:.2}   ({goal})");
        }
    }

    /// The median of each way.
    fn measure(&self, exercise: &Exercise, rounds: u32) -> [Duration; WAYS] {
        let answer = fs::read_to_string(self.kit.solution(exercise)).expect("a solution");
        let mut times: [Vec<Duration>; WAYS] = Default::default();
        // The first edit only warms what all of them keep.
        for round in 0..=rounds {
            self.edit(exercise, &answer, round);
            let took = [
                self.checker(exercise),
                self.cargo_test(exercise),
                self.four_steps.take(exercise),
                self.tuned_four_steps.take(exercise),
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
        let added: String = (0..=round)
            .map(|i| format!("fn edit_{i}() -> u32 {{\n    {i} + {}\n}}\n", self.run))
            .collect();
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
        let mut command = cargo(self.kit.root(), &self.kit.target());
        timed(command.args(["test", "--quiet", "--test", &exercise.name]))
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
}

/// Cargo as a learner's shell would start it, with this target folder.
fn cargo(folder: &Path, target: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder).env("CARGO_TARGET_DIR", target);
    cargo
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

impl FourSteps {
    fn lay_out(kit: &Kit, name: &str, profile: &str) -> Self {
        let folder = kit.root().join(name);
        let mut manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nasync-stream = \"0.3.6\"\npin-project-lite = \"0.2.18\"\n\
             futures = {{ version = \"0.3.34\", default-features = false, features = [\"std\", \"async-await\", \"executor\"] }}\n\
             kit = {{ package = \"asynclings-kit\", path = \"../tests/kit\" }}\n\
             tokio = {{ version = \"1.54\", features = [\"rt-multi-thread\", \"macros\", \"time\", \"sync\", \"io-util\", \"test-util\"] }}\n\
             \n{profile}",
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
        let target = folder.join("target");
        FourSteps { folder, target }
    }

    fn take(&self, exercise: &Exercise) -> Duration {
        let steps: [&[&str]; 3] = [&["build"], &["test"], &["clippy", "--profile", "test"]];
        let start = Instant::now();
        for step in steps {
            let mut cargo = cargo(&self.folder, &self.target);
            timed(cargo.args(step).args(["--quiet", "--bin", &exercise.name]));
        }
        timed(&mut Command::new(self.target.join("debug").join(&exercise.name)));
        start.elapsed()
    }
}

fn write_if_new(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("can be written");
        fs::write(path, text).expect("the target folder can be written");
    }
}
