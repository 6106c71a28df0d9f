//! The terminal: taken over, and given back whatever happens.

use std::io::{self, Write, stdout};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{env, panic, thread};

use crossterm::cursor::{MoveTo, RestorePosition, SavePosition, Show};
use crossterm::style::{Attribute, Print, SetAttribute};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use ratatui::terminal::{Frame, Terminal};

use super::backend::Backend;
use super::worker;

/// Whether the terminal is ours right now.
static OURS: AtomicBool = AtomicBool::new(false);

/// The terminal as a screen. Given back when dropped.
pub struct Screen {
    terminal: Terminal<Backend>,
    link: Option<Link>,
}

/// A piece of the screen that leads to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Column and row.
    pub at: (u16, u16),
    /// What stands there.
    pub text: String,
    /// Where it leads.
    pub url: String,
}

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// The terminal does not do what a screen needs.
    pub fn enter() -> io::Result<Self> {
        give_back_on_panic();
        enable_raw_mode()?;
        OURS.store(true, Ordering::SeqCst);
        let entered =
            execute!(stdout(), EnterAlternateScreen).and_then(|()| Terminal::new(Backend::new()));
        match entered {
            Ok(terminal) => Ok(Screen { terminal, link: None }),
            Err(error) => {
                leave();
                Err(error)
            }
        }
    }

    /// Draws a frame. What `draw` returns is a link to be laid over it.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>) -> Option<Link>) -> io::Result<()> {
        if !OURS.load(Ordering::SeqCst) {
            // Given back because something failed: the end is near.
            return Ok(());
        }
        let mut link = None;
        self.terminal.draw(|frame| link = draw(frame))?;
        // The screen's library knows no links. What it has drawn stays until
        // it changes, so the link is laid over only then.
        if link != self.link {
            if let Some(link) = &link {
                lay(link)?;
            }
            self.link = link;
        }
        Ok(())
    }

    /// Everything must be drawn anew: the terminal has another size.
    pub fn resized(&mut self) {
        self.link = None;
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

/// Gives the terminal back, if it is ours. May be called from anywhere, and
/// more than once.
pub fn leave() {
    if OURS.swap(false, Ordering::SeqCst) {
        // Nothing can be done about a terminal that does not even take this.
        let _ = execute!(stdout(), LeaveAlternateScreen, Show);
        let _ = disable_raw_mode();
    }
}

fn give_back_on_panic() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        // Panics of the engine are caught and told on the screen.
        if thread::current().name() != Some(worker::NAME) {
            leave();
            report(info);
        }
    }));
}

fn lay(link: &Link) -> io::Result<()> {
    let Link { at: (column, row), text, url } = link;
    let mut out = stdout();
    queue!(
        out,
        SavePosition,
        MoveTo(*column, *row),
        SetAttribute(Attribute::Dim),
        SetAttribute(Attribute::Underlined),
        Print(format_args!("\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\")),
        SetAttribute(Attribute::Reset),
        RestorePosition,
    )?;
    out.flush()
}

/// The file as a terminal's link wants it.
pub fn url(file: &Path) -> String {
    const KEPT: &AsciiSet =
        &CONTROLS.add(b' ').add(b'%').add(b'#').add(b'?').add(b'"').add(b'<').add(b'>');
    let path = file.to_string_lossy().replace('\\', "/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", utf8_percent_encode(&path, KEPT))
}

/// Whether the terminal, if there is one, can be drawn on.
pub fn can_draw() -> bool {
    // Windows sets no TERM, and its consoles can.
    env::var_os("TERM").map_or(cfg!(windows), |term| !term.is_empty() && term != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_survive_odd_paths() {
        assert_eq!(url(Path::new("/a b/#1/数.rs")), "file:///a%20b/%231/%E6%95%B0.rs");
        assert_eq!(url(Path::new(r"C:\kit\a.rs")), "file:///C:/kit/a.rs");
    }
}
