//! The command `grade`.

use std::env;
use std::io::{IsTerminal, stderr};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use clap::{ArgAction, Parser};
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{GradeOptions, Shard, Step, Summary, course, default_store, grade, limits};
use crate::cancel::Cancel;
use crate::grading::roster::Roster;
use crate::grading::sandbox::Sandbox;
use crate::grading::store::Store;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::text::{say, word};

/// More notes than this are counted, not shown.
const MOST_NOTES: usize = 20;

/// `grade` and what may follow it.
#[derive(Parser, Clone, Debug)]
#[command(
    name = "grade",
    bin_name = "cargo teach grade",
    about = word("grade-about"),
    after_help = word("grade-after"),
    help_template = word("help-template"),
    next_help_heading = word("help-heading-options"),
    disable_help_flag = true
)]
pub struct GradeArgs {
    /// The folder with a folder or archive a student.
    #[arg(value_name = word("grade-value-submissions"), help = word("grade-submissions"), help_heading = word("help-heading-arguments"), required_unless_present = "probe")]
    submissions: Option<PathBuf>,
    /// Who should have handed in.
    #[arg(long, value_name = "CSV", help = word("grade-roster"))]
    roster: Option<PathBuf>,
    /// What the course demands.
    #[arg(long, value_name = "TOML", help = word("grade-course"))]
    course: Option<PathBuf>,
    /// Where what came of it is kept.
    #[arg(long, value_name = word("grade-value-file"), help = word("grade-store"))]
    store: Option<PathBuf>,
    /// Only these exercises.
    #[arg(long, value_name = word("help-value-name"), help = word("grade-only"))]
    only: Vec<String>,
    /// How many answers at a time.
    #[arg(long, short, value_name = "N", help = word("grade-jobs"))]
    jobs: Option<NonZero<usize>>,
    /// A part of the students.
    #[arg(long, value_name = "I/N", help = word("grade-shard"))]
    shard: Option<Shard>,
    /// Grade although a layer of the sandbox is missing.
    #[arg(long, help = word("grade-unsandboxed"))]
    unsandboxed: bool,
    /// Say which layers of the sandbox hold here, and grade nothing.
    #[arg(long, help = word("grade-probe"))]
    probe: bool,
    /// Print the summary for a program.
    #[arg(long, help = word("help-json"))]
    json: bool,

    #[arg(short, long, action = ArgAction::Help, help = word("help-help"))]
    help: Option<bool>,
}

impl GradeArgs {
    /// Runs the command; whether everything could be graded.
    ///
    /// # Errors
    /// As [`grade`], or the sandbox lacks a layer.
    pub fn run(&self, kit: &Kit, cancel: &Cancel) -> Result<bool> {
        let course = course(kit, self.course.as_deref())?;
        let this =
            env::current_exe().map_err(|e| Problem::new("sandbox-failed").with("status", e))?;
        if self.probe {
            return self.tell_layers(&Sandbox::open(this, limits(&course), true)?);
        }
        let sandbox = match Sandbox::open(this, limits(&course), self.unsandboxed) {
            Err(problem) if self.unsandboxed && problem.key() == "sandbox-linux-only" => None,
            sandbox => Some(Arc::new(sandbox?)),
        };
        let missing = match &sandbox {
            Some(sandbox) => sandbox.layers().missing().iter().map(ToString::to_string).collect(),
            None => vec![word("grade-everything").to_owned()],
        };
        if !missing.is_empty() {
            eprintln!("{}", say("grade-loud", &[("missing", &missing.join(", "))]));
        }
        let roster = self.roster.as_deref().map(Roster::read).transpose()?;
        let store = self.store.clone().unwrap_or_else(|| default_store(kit));
        let store = Store::open(&store)?;
        let options = GradeOptions {
            submissions: self.submissions.clone().unwrap_or_default(),
            roster: roster.as_ref(),
            course: &course,
            only: self.only.clone(),
            shard: self.shard,
            jobs: self.jobs.unwrap_or_else(usual_jobs),
            sandbox,
            cancel: cancel.clone(),
        };
        let bar = Bar::new(self.json);
        let summary = grade(kit, &store, &options, &|step| bar.show(step));
        bar.end();
        let summary = summary?;
        if self.json {
            let json = serde_json::to_string_pretty(&summary);
            println!("{}", json.expect("a summary holds nothing that JSON cannot"));
        } else {
            show(&summary, &store);
        }
        Ok(summary.exercises.iter().all(|e| e.count("internal") + e.count("waiting") == 0))
    }

    fn tell_layers(&self, sandbox: &Sandbox) -> Result<bool> {
        let layers = sandbox.layers();
        if self.json {
            let json = serde_json::to_string_pretty(layers);
            println!("{}", json.expect("layers hold nothing that JSON cannot"));
        } else {
            for layer in &layers.holding {
                println!("✓ {layer}");
            }
            for layer in layers.missing() {
                println!("✗ {layer}");
            }
            for remark in &layers.remarks {
                println!("  {remark}");
            }
        }
        Ok(layers.missing().is_empty())
    }
}

/// Half as many again as there are cores: while a test hangs, or waits for the
/// real clock, its core is free for another answer.
fn usual_jobs() -> NonZero<usize> {
    let cores = thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
    cores.saturating_add(cores.get().div_ceil(2))
}

fn show(summary: &Summary, store: &Store) {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY);
    let heads = ["exercise", "passed", "failed", "broken", "missing", "pitfalls"];
    table.set_header(heads.map(|head| word(&format!("grade-head-{head}"))));
    for exercise in &summary.exercises {
        let broken = ["does_not_compile", "hung", "crashed", "refused", "internal"];
        let missing = ["missing", "not_started", "waiting"];
        let sum = |names: &[&str]| names.iter().map(|n| exercise.count(n)).sum::<u64>();
        let mut pitfalls: Vec<_> = exercise.pitfalls.iter().collect();
        pitfalls.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), name.as_str()));
        let pitfalls: Vec<String> =
            pitfalls.iter().take(3).map(|(name, count)| format!("{name} {count}")).collect();
        table.add_row([
            exercise.name.clone(),
            exercise.count("passed").to_string(),
            exercise.count("failed").to_string(),
            sum(&broken).to_string(),
            sum(&missing).to_string(),
            pitfalls.join("\n"),
        ]);
    }
    println!("{table}");
    for note in summary.notes.iter().take(MOST_NOTES) {
        println!("! {note}");
    }
    if summary.notes.len() > MOST_NOTES {
        println!("{}", say("grade-more-notes", &[("count", &(summary.notes.len() - MOST_NOTES))]));
    }
    let values: [(&str, &dyn std::fmt::Display); 5] = [
        ("students", &summary.students),
        ("without", &summary.without),
        ("changed", &summary.changed),
        ("judged", &summary.judged),
        ("store", &store.path().display()),
    ];
    println!("{}", say("grade-done", &values));
}

/// What is shown while it runs, on standard error: a bar with the rate and the
/// time that is left; without a terminal, a line now and then.
struct Bar {
    bar: ProgressBar,
    quiet: bool,
}

impl Bar {
    fn new(quiet: bool) -> Self {
        Bar { bar: ProgressBar::hidden(), quiet: quiet || stderr().is_terminal() }
    }

    fn begin(&self, length: usize, key: &str) {
        let template = "{prefix} {bar:24} {pos}/{len}  {per_sec}  {eta} left  {msg}";
        self.bar.set_style(
            ProgressStyle::with_template(template).expect("the template is tried by every run"),
        );
        self.bar.set_prefix(word(key));
        self.bar.set_message("");
        self.bar.set_position(0);
        self.bar.set_length(length as u64);
        self.bar.reset_eta();
        if stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.enable_steady_tick(Duration::from_millis(100));
        }
        if !self.quiet {
            eprintln!("{} {length}", word(key));
        }
    }

    fn show(&self, step: Step<'_>) {
        match step {
            Step::Reading(students) => self.begin(students, "grade-reading"),
            Step::Judging(answers) => self.begin(answers, "grade-judging"),
            Step::Read(name) | Step::Judged(name, _) => {
                self.bar.set_message(name.to_owned());
                self.bar.inc(1);
                let (done, all) = (self.bar.position(), self.bar.length().unwrap_or(0));
                if !self.quiet && (done % 100 == 0 || done == all) {
                    eprintln!("  {done}/{all}");
                }
            }
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
