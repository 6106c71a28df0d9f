//! The commands of authors and instructors, which a learner's build does
//! without: compiling them would delay the first verdict.

use std::ffi::OsString;

use super::exit::Exit;
use crate::problem::Result;

/// Their names, in the order of the help. Each says what it is about in a
/// sentence `NAME-about`.
pub const COMMANDS: [&str; 6] = ["verify", "new", "release", "grade", "merge", "report"];

/// One of [`COMMANDS`], with what may follow it.
///
/// # Errors
/// This program was built without them.
#[cfg(not(feature = "teach"))]
pub fn run(command: &str, _args: &[OsString]) -> Result<Exit> {
    use crate::edition::edition_of;
    use crate::kit::Kit;
    use crate::problem::Problem;

    let is_edition = Kit::find().is_ok_and(|kit| edition_of(kit.root()).is_some());
    let key = if is_edition { "author-not-here" } else { "author-only" };
    Err(Problem::new(key).with("command", command))
}

/// One of [`COMMANDS`], with what may follow it. Whether what was asked for is
/// so is said by the exit code.
///
/// # Errors
/// There is no kit here, or the command could not do its work.
#[cfg(feature = "teach")]
pub fn run(command: &str, args: &[OsString]) -> Result<Exit> {
    use crate::gate::cli::{NewArgs, VerifyArgs};
    use crate::grading::grade::cli::GradeArgs;
    use crate::grading::release::ReleaseArgs;
    use crate::grading::report::ReportArgs;
    use crate::grading::store::cli::MergeArgs;
    use crate::kit::Kit;
    use clap::Parser;

    use super::stop;

    let done = |()| Exit::Done;
    let yes_or_not_yet = |yes| if yes { Exit::Done } else { Exit::NotYet };
    let args = std::iter::once(OsString::from(command)).chain(args.iter().cloned());
    match command {
        "new" => NewArgs::parse_from(args).run(&Kit::find()?).map(done),
        "grade" => {
            GradeArgs::parse_from(args).run(&Kit::find()?, &stop::on_signal()).map(yes_or_not_yet)
        }
        "merge" => MergeArgs::parse_from(args).run().map(done),
        "report" => ReportArgs::parse_from(args).run(&Kit::find()?).map(done),
        "release" => ReleaseArgs::parse_from(args).run(&Kit::find()?).map(done),
        _ => {
            VerifyArgs::parse_from(args).run(&Kit::find()?, &stop::on_signal()).map(yes_or_not_yet)
        }
    }
}

/// How they stand in the help of the whole program.
#[cfg(feature = "teach")]
pub fn for_help() -> impl Iterator<Item = clap::Command> {
    use crate::text::word;

    COMMANDS.into_iter().map(|name| clap::Command::new(name).about(word(&format!("{name}-about"))))
}
