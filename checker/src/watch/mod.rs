//! The watch: the exercise that the learner is at is checked each time its
//! file is saved.
//!
//! Messages come from threads ([`look`], [`worker`], [`clerk`], keys,
//! signals); [`update`] takes them one by one into the [`model`] and says what
//! is to be done; [`view`] or [`plain`] show the model; [`app`] holds it all
//! together.

mod app;
mod backend;
mod clerk;
mod keys;
mod look;
mod message;
mod model;
mod plain;
mod terminal;
#[cfg(test)]
mod tests;
mod update;
mod view;
mod worker;

use std::env;
use std::io::{self, IsTerminal};

use crate::commands::context::Context;
use crate::commands::exit::Exit;
use crate::problem::{Problem, Result};
use app::{App, Face};
use plain::Plain;
use terminal::Screen;
use view::Look;

pub use terminal::can_draw;

/// Whether the learner wants the file to be looked at again and again.
pub fn polls_only() -> bool {
    env::var_os("ASYNCLINGS_POLL").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Watches.
///
/// # Errors
/// There is no kit here, or no exercise in it, or the system gives no threads.
pub fn main() -> Result<Exit> {
    let context = Context::open()?;
    // Says so if there is none.
    context.exercise(None)?;
    let problem = |error: io::Error| Problem::new("watch-failed").with("error", error);
    let face = face();
    App::new(context.kit, context.progress, face, polls_only()).and_then(App::run).map_err(problem)
}

/// The whole terminal if there is one that can be drawn on, else lines.
fn face() -> Face {
    let colour = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
    if io::stdout().is_terminal()
        && can_draw()
        && let Ok(screen) = Screen::enter()
    {
        return Face::Full(screen, Look { colour });
    }
    Face::Lines(Plain::default())
}
