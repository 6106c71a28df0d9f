//! The author's commands, which a learner's build does without: compiling
//! them would delay the first verdict.

use std::ffi::OsString;

use asynclings::problem::Result;

use super::exit::Exit;

/// `verify` or `new`, with what may follow it.
///
/// # Errors
/// This program was built without them.
#[cfg(not(feature = "teach"))]
pub fn run(command: &str, _args: &[OsString]) -> Result<Exit> {
    Err(asynclings::problem::Problem::new("author-only").with("command", command))
}

/// `verify` or `new`, with what may follow it. Whether an exercise is ready is
/// said by the exit code.
///
/// # Errors
/// There is no kit here, or the command could not do its work.
#[cfg(feature = "teach")]
pub fn run(command: &str, args: &[OsString]) -> Result<Exit> {
    use asynclings::gate::cli::{NewArgs, VerifyArgs};
    use asynclings::kit::Kit;
    use clap::Parser;

    use super::stop;

    let args = std::iter::once(OsString::from(command)).chain(args.iter().cloned());
    if command == "new" {
        let args = NewArgs::parse_from(args);
        return args.run(&Kit::find()?).map(|()| Exit::Done);
    }
    let args = VerifyArgs::parse_from(args);
    let ready = args.run(&Kit::find()?, &stop::on_signal())?;
    Ok(if ready { Exit::Done } else { Exit::NotYet })
}
