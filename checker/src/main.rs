//! The program `asynclings`.

mod commands;
mod watch;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::main().into()
}
