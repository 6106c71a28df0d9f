//! The two commands of an author.

use std::env;
use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::time::Duration;

use clap::{ArgAction, Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{NewExercise, Progress, VerifyOptions, new_exercise, show, usual_jobs, verify};
use crate::cancel::Cancel;
use crate::check::CargoOutput;
use crate::confine::Confine;
use crate::grading::sandbox::{Limits, Sandbox};
use crate::kit::Kit;
use crate::problem::Result;
use crate::text::{say, word};
use crate::verdict::Build;

/// `verify` and what may follow it.
#[derive(Parser, Clone, Debug)]
#[command(
    name = "verify",
    bin_name = "cargo teach verify",
    about = word("verify-about"),
    after_help = word("verify-after"),
    help_template = word("help-template"),
    next_help_heading = word("help-heading-options"),
    disable_help_flag = true
)]
pub struct VerifyArgs {
    /// The exercises; all of them if none is named.
    #[arg(value_name = word("help-value-name"), help = word("verify-names"), help_heading = word("help-heading-arguments"))]
    names: Vec<String>,
    /// Print the report for a program.
    #[arg(long, help = word("help-json"))]
    json: bool,
    /// How many checks at a time; one a core if it is not said.
    #[arg(long, short, value_name = "N", help = word("verify-jobs"), value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// How often to run the tests of each answer.
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true, help = word("verify-rounds"), value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Run everything, whatever is known from earlier.
    #[arg(long, help = word("verify-no-cache"))]
    no_cache: bool,
    /// The learner's build, the grader's, both, or both by turns.
    #[arg(long, value_enum, default_value_t = Builds::Both, hide_possible_values = true, help = word("verify-build"))]
    build: Builds,

    #[arg(short, long, action = ArgAction::Help, help = word("help-help"))]
    help: Option<bool>,
}

/// Which builds to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Builds {
    /// The answer is a module of the test crate.
    Module,
    /// The answer is a crate of its own.
    Crate,
    /// Both of them.
    Both,
    /// Both of them; several rejected answers for one pitfall take turns.
    Spread,
}

impl VerifyArgs {
    /// Runs the command; whether every exercise is ready.
    ///
    /// # Errors
    /// As [`verify`].
    pub fn run(&self, kit: &Kit, cancel: &Cancel) -> Result<bool> {
        let bar = Bar::new(self.json);
        let options = VerifyOptions {
            names: self.names.clone(),
            builds: match self.build {
                Builds::Module => vec![Build::Module],
                Builds::Crate => vec![Build::Crate],
                Builds::Both | Builds::Spread => vec![Build::Module, Build::Crate],
            },
            spread: self.build == Builds::Spread,
            jobs: self.jobs.map_or_else(usual_jobs, usize::from),
            rounds: self.rounds,
            cache: !self.no_cache,
            cancel: cancel.clone(),
            confine: sandbox(),
            cargo: CargoOutput::Terminal,
        };
        let report = verify(kit, &options, |progress| bar.show(progress));
        bar.end();
        let report = report?;
        if self.json {
            let json = serde_json::to_string_pretty(&report);
            println!("{}", json.expect("a report holds nothing that JSON cannot"));
        } else {
            println!("{}", show::report(&report));
        }
        Ok(report.ready)
    }
}

/// The grader's sandbox, if every layer of it holds here.
fn sandbox() -> Option<Arc<dyn Confine>> {
    let sandbox = Sandbox::open(env::current_exe().ok()?, Limits::default(), false);
    Some(Arc::new(sandbox.ok()?))
}

/// `new` and what may follow it.
#[derive(Parser, Clone, Debug)]
#[command(
    name = "new",
    bin_name = "cargo teach new",
    about = word("new-about"),
    after_help = word("new-after"),
    help_template = word("help-template"),
    next_help_heading = word("help-heading-options"),
    disable_help_flag = true
)]
pub struct NewArgs {
    /// The exercise's name for ever, in snake_case.
    #[arg(value_name = word("help-value-name"), help = word("new-name"), help_heading = word("help-heading-arguments"))]
    name: String,
    /// The number of its chapter.
    #[arg(long, short, value_name = "N", help = word("new-chapter"))]
    chapter: u32,
    /// For a chapter that does not exist yet: its name in snake_case.
    #[arg(long, value_name = word("help-value-name"), help = word("new-chapter-name"))]
    chapter_name: Option<String>,

    #[arg(short, long, action = ArgAction::Help, help = word("help-help"))]
    help: Option<bool>,
}

impl NewArgs {
    /// Runs the command.
    ///
    /// # Errors
    /// As [`new_exercise`].
    pub fn run(&self, kit: &Kit) -> Result<()> {
        let wanted = NewExercise {
            name: self.name.clone(),
            chapter: self.chapter,
            chapter_name: self.chapter_name.clone(),
        };
        let written = new_exercise(kit, &wanted)?;
        for path in &written.new {
            println!("{}", say("new-wrote", &[("path", &kit.shown(path))]));
        }
        for path in &written.changed {
            println!("{}", say("new-changed", &[("path", &kit.shown(path))]));
        }
        println!("{}", say("new-next", &[("name", &self.name)]));
        Ok(())
    }
}

/// What is shown while it runs, on standard error: a bar on a terminal, else
/// a line for each exercise.
#[derive(Clone)]
struct Bar {
    bar: ProgressBar,
    lines: bool,
}

impl Bar {
    fn new(quiet: bool) -> Self {
        let lines = !stderr().is_terminal();
        let bar = ProgressBar::hidden();
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len}  {elapsed}  {msg}");
        bar.set_style(style.expect("the template is tried by every run"));
        Bar { bar, lines: lines && !quiet }
    }

    fn show(&self, progress: Progress<'_>) {
        match progress {
            Progress::Begins(jobs) => {
                self.bar.set_length(jobs as u64);
                if stderr().is_terminal() {
                    self.bar.set_draw_target(ProgressDrawTarget::stderr());
                    self.bar.enable_steady_tick(Duration::from_millis(100));
                }
            }
            Progress::Step(exercise) => {
                self.bar.set_message(exercise.to_owned());
                self.bar.inc(1);
            }
            Progress::Finished(report) => {
                let key = if report.ready { "gate-line-ready" } else { "gate-line-refused" };
                let line = say(key, &[("name", &report.exercise), ("count", &report.refusals())]);
                if self.lines {
                    eprintln!("{line}");
                } else {
                    self.bar.println(line);
                }
            }
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
