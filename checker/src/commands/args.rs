//! What one may type. All words of the help stand in `checker.toml`.

use clap::{ArgAction, Args, Parser, Subcommand};

use crate::text::word;

/// What is typed to start it: the alias that this edition goes by.
const PROGRAM: &str = if cfg!(feature = "teach") { "cargo teach" } else { "cargo learn" };

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "asynclings",
    bin_name = PROGRAM,
    version,
    about = word("help-about"),
    after_help = word("help-after"),
    help_template = word("help-template"),
    subcommand_help_heading = word("help-heading-commands"),
    subcommand_value_name = word("help-value-command"),
    next_help_heading = word("help-heading-options"),
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub struct Cli {
    /// Nothing: watch.
    #[command(subcommand)]
    pub command: Option<Command>,

    #[arg(short, long, global = true, action = ArgAction::Help, help = word("help-help"))]
    help: Option<bool>,

    #[arg(short = 'V', long, action = ArgAction::Version, help = word("help-version"))]
    version: Option<bool>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// One verdict.
    #[command(about = word("run-about"), after_help = word("run-after"), help_template = word("help-template"))]
    Run(Run),
    /// All exercises.
    #[command(about = word("list-about"), after_help = word("list-after"), help_template = word("help-template"))]
    List(Json),
    /// The next hint.
    #[command(about = word("hint-about"), after_help = word("hint-after"), help_template = word("help-template"))]
    Hint(Hint),
    /// What a pitfall is.
    #[command(about = word("explain-about"), after_help = word("explain-after"), help_template = word("help-template"))]
    Explain(Explain),
    /// The reference answer as a difference.
    #[command(about = word("solution-about"), after_help = word("solution-after"), help_template = word("help-template"))]
    Solution(Solution),
    /// Back to the stub.
    #[command(about = word("reset-about"), after_help = word("reset-after"), help_template = word("help-template"))]
    Reset(Reset),
    /// What the futures did.
    #[command(about = word("trace-about"), after_help = word("trace-after"), help_template = word("help-template"))]
    Trace(Trace),
    /// Whether all is in order.
    #[command(about = word("doctor-about"), after_help = word("doctor-after"), help_template = word("help-template"))]
    Doctor(Json),
}

impl Command {
    /// Whether a program reads what comes of it.
    pub fn wants_json(&self) -> bool {
        match self {
            Command::Run(Run { json, .. })
            | Command::Hint(Hint { json, .. })
            | Command::Explain(Explain { json, .. })
            | Command::Trace(Trace { json, .. })
            | Command::List(json)
            | Command::Doctor(json) => json.json,
            Command::Solution(_) | Command::Reset(_) => false,
        }
    }
}

/// Which exercise.
#[derive(Debug, Args)]
pub struct Name {
    /// Its name, or a path to its file; else the one that the learner is at.
    #[arg(value_name = word("help-value-name"), help = word("help-name"), help_heading = word("help-heading-arguments"))]
    pub name: Option<String>,
}

/// For programs.
#[derive(Debug, Args)]
#[command(next_help_heading = word("help-heading-options"))]
pub struct Json {
    /// One JSON document instead of text.
    #[arg(long, help = word("help-json"))]
    pub json: bool,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    pub name: Name,
    #[command(flatten)]
    pub json: Json,
    /// Compile and run even if nothing has changed.
    #[arg(long, help = word("run-fresh"))]
    pub fresh: bool,
    /// Do not ask clippy.
    #[arg(long, help = word("run-no-advice"))]
    pub no_advice: bool,
}

/// Arguments of `hint`.
#[derive(Debug, Args)]
pub struct Hint {
    #[command(flatten)]
    pub name: Name,
    #[command(flatten)]
    pub json: Json,
    /// All tiers.
    #[arg(long, help = word("hint-all"))]
    pub all: bool,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// Its id; without it, all ids.
    #[arg(value_name = word("help-value-pitfall"), help = word("explain-pitfall"), help_heading = word("help-heading-arguments"))]
    pub pitfall: Option<String>,
    #[command(flatten)]
    pub json: Json,
}

/// Arguments of `solution`.
#[derive(Debug, Args)]
#[command(next_help_heading = word("help-heading-options"))]
pub struct Solution {
    #[command(flatten)]
    pub name: Name,
    /// Without asking.
    #[arg(short, long, help = word("help-yes"))]
    pub yes: bool,
}

/// Arguments of `reset`.
#[derive(Debug, Args)]
#[command(next_help_heading = word("help-heading-options"))]
pub struct Reset {
    #[command(flatten)]
    pub name: Name,
    /// Every exercise.
    #[arg(long, conflicts_with = "name", help = word("reset-all"))]
    pub all: bool,
    /// Without asking.
    #[arg(short, long, help = word("help-yes"))]
    pub yes: bool,
}

/// Arguments of `trace`.
#[derive(Debug, Args)]
pub struct Trace {
    #[command(flatten)]
    pub name: Name,
    #[command(flatten)]
    pub json: Json,
    /// Only tests whose name contains this.
    #[arg(long, value_name = word("help-value-test"), help = word("trace-test"))]
    pub test: Option<String>,
    /// Run again first.
    #[arg(long, help = word("run-fresh"))]
    pub fresh: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
