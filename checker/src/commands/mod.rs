//! The commands of the program, one in a file, and what they share.

mod args;
mod ask;
mod author;
pub mod context;
mod doctor;
pub mod exit;
pub mod explain;
pub mod hint;
pub mod list;
pub mod page;
pub mod place;
pub mod print;
pub mod report;
pub mod reset;
pub mod run;
#[cfg(test)]
pub mod sample;
pub mod solution;
mod stop;
pub mod style;
pub mod trace;
pub mod wrap;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches};

use crate::problem::{Problem, Result};
use args::{Cli, Command};
use exit::Exit;

/// Does what the command line says.
pub fn main() -> Exit {
    // The commands of authors and instructors understand words of their own.
    let mut typed = std::env::args_os().skip(1);
    let first = typed.next();
    if let Some(command) =
        author::COMMANDS.into_iter().find(|c| first.as_deref() == Some(c.as_ref()))
    {
        let args: Vec<OsString> = typed.collect();
        return author::run(command, &args).unwrap_or_else(|p| failed(&p, false));
    }
    let command = parse().command;
    let json = command.as_ref().is_some_and(Command::wants_json);
    dispatch(command.as_ref()).unwrap_or_else(|problem| failed(&problem, json))
}

/// What was typed, or the end of the program with what is wrong about it.
fn parse() -> Cli {
    let known = Cli::command();
    #[cfg(feature = "teach")]
    // Here for the help alone.
    let known = known.subcommands(author::for_help());
    Cli::from_arg_matches(&known.get_matches()).unwrap_or_else(|error| error.exit())
}

fn failed(problem: &Problem, json: bool) -> Exit {
    print::problem(problem, json);
    exit::of(problem)
}

fn dispatch(command: Option<&Command>) -> Result<Exit> {
    match command {
        None => crate::watch::main(),
        Some(Command::Run(args)) => run::run(args),
        Some(Command::List(args)) => list::run(args),
        Some(Command::Hint(args)) => hint::run(args),
        Some(Command::Explain(args)) => explain::run(args),
        Some(Command::Solution(args)) => solution::run(args),
        Some(Command::Reset(args)) => reset::run(args),
        Some(Command::Trace(args)) => trace::run(args),
        Some(Command::Doctor(args)) => doctor::run(args),
    }
}
