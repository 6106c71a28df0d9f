//! What the terminal can do.

use std::env;
use std::io::{self, IsTerminal};

use crossterm::terminal::size;
use record::Fact;

use super::{Finding, ok, warn};

/// The screen that everything is made to fit on.
const COLUMNS: u16 = 80;
const ROWS: u16 = 24;

pub(super) fn terminal() -> Finding {
    if !io::stdout().is_terminal() {
        return ok("terminal", &Fact::new("doctor-terminal-none"));
    }
    if !crate::watch::can_draw() {
        return warn("terminal", &Fact::new("doctor-terminal-dumb"));
    }
    match size() {
        Ok((columns, rows)) => {
            let fact = |key| Fact::new(key).with("columns", columns).with("rows", rows);
            if columns >= COLUMNS && rows >= ROWS {
                ok("terminal", &fact("doctor-terminal-full"))
            } else {
                warn("terminal", &fact("doctor-terminal-small"))
            }
        }
        Err(error) => warn("terminal", &Fact::new("doctor-terminal-unknown").with("error", error)),
    }
}

pub(super) fn colours() -> Finding {
    let choice = anstream::AutoStream::choice(&io::stdout());
    let said = ["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR"]
        .iter()
        .find(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    let key = match (choice, said) {
        (anstream::ColorChoice::Never, Some(_)) => "doctor-colours-off-by",
        (anstream::ColorChoice::Never, None) => "doctor-colours-off",
        (_, Some(_)) => "doctor-colours-on-by",
        (_, None) => "doctor-colours-on",
    };
    ok("colours", &Fact::new(key).with("variable", said.unwrap_or(&"")))
}
