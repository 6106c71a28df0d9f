//! The watch in a terminal, as a learner has it: a screen of some size, keys,
//! signals, and a shell that wants its terminal back.
#![cfg(all(feature = "learn", unix))]

// Not all of it is needed here.
#[allow(dead_code)]
#[path = "../src/commands/sample.rs"]
mod sample;

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, Termios, tcgetattr};
use tempfile::TempDir;
use vt100::{Parser, Screen};

/// Only a test that has failed waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program in a terminal of its own, on the sample kit.
struct Terminal {
    // Dropped first: a terminal that is closed ends whatever runs in it.
    pty: Pty,
    output: Receiver<Vec<u8>>,
    screen: Parser,
    child: Child,
    modes_before: Termios,
    _kit: TempDir,
}

impl Terminal {
    fn watch(rows: u16, columns: u16) -> Self {
        Terminal::start(rows, columns, |command| command)
    }

    fn start(rows: u16, columns: u16, with: impl FnOnce(Command) -> Command) -> Self {
        let (folder, kit) = sample::kit();
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(rows, columns)).unwrap();
        let modes_before = tcgetattr(&pty).unwrap();
        let command = Command::new(env!("CARGO_BIN_EXE_asynclings"))
            .current_dir(kit.root())
            .env("TERM", "xterm-256color")
            .env("ASYNCLINGS_LANG", "en")
            .env_remove("NO_COLOR")
            .env_remove("CARGO_TARGET_DIR");
        let child = with(command).spawn(pts).unwrap();
        let output = read(&pty);
        let screen = Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
        Terminal { pty, output, screen, child, modes_before, _kit: folder }
    }

    fn press(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).unwrap();
    }

    /// Empties the screen, gives it another size, and waits until something
    /// stands in its last row again: there the keys are named.
    fn resize(&mut self, rows: u16, columns: u16) {
        let [height, width] = [rows, columns].map(|n| n.try_into().unwrap());
        self.screen.screen_mut().set_size(height, width);
        self.screen.process(b"\x1b[2J");
        self.pty.resize(Size::new(rows, columns)).unwrap();
        self.until("a last row", |screen| {
            screen.rows(0, columns).last().is_some_and(|row| !row.trim().is_empty())
        });
    }

    /// Waits until the screen shows all this.
    fn shows(&mut self, texts: &[&str]) {
        self.until(&format!("{texts:?}"), |screen| {
            let contents = screen.contents();
            texts.iter().all(|text| contents.contains(text))
        });
    }

    fn until(&mut self, what: &str, is: impl Fn(&Screen) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is(self.screen.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(why) => panic!("{why}, without {what}:\n{}", self.screen.screen().contents()),
            }
        }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Presses this key until it ends: crossterm 0.29 holds back a key that comes
    /// together with another size, until the next one is pressed.
    fn ends_by(mut self, key: &str) -> ExitStatus {
        const NEXT: Duration = Duration::from_millis(200);
        for _ in 0..PATIENCE.as_millis() / NEXT.as_millis() {
            // Nothing can be pressed where nothing runs.
            if self.pty.write_all(key.as_bytes()).is_err() {
                break;
            }
            match self.output.recv_timeout(NEXT) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.ends()
    }

    /// It ends, and the terminal is as it was before.
    fn ends(mut self) -> ExitStatus {
        let stays = loop {
            match self.output.recv_timeout(PATIENCE) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(why) => break why == RecvTimeoutError::Timeout,
            }
        };
        let screen = self.screen.screen();
        assert!(!stays, "it goes on:\n{}", screen.contents());
        let status = self.child.wait().unwrap();
        assert!(!screen.alternate_screen(), "its screen is still there");
        assert!(!screen.hide_cursor(), "the cursor is gone");
        let modes = tcgetattr(&self.pty).unwrap();
        assert_eq!(modes.local_modes, self.modes_before.local_modes);
        assert_eq!(modes.input_modes, self.modes_before.input_modes);
        assert_eq!(modes.output_modes, self.modes_before.output_modes);
        assert!(modes.local_modes.contains(LocalModes::ECHO | LocalModes::ICANON));
        status
    }
}

/// What the program writes, chunk by chunk; at an end when nobody holds the
/// terminal any more.
fn read(pty: &Pty) -> Receiver<Vec<u8>> {
    let mut pty = File::from(pty.as_fd().try_clone_to_owned().unwrap());
    let (out, output) = mpsc::channel();
    thread::spawn(move || {
        let mut chunk = [0; 4096];
        // An error is how Linux says that the other side is closed.
        while let Ok(length @ 1..) = pty.read(&mut chunk) {
            if out.send(chunk[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    output
}

#[test]
fn keys_lead_through_the_screens_and_out() {
    let mut terminal = Terminal::watch(24, 80);
    terminal.shows(&["one", "exercises/01_first/one.rs", "quit"]);
    assert!(terminal.screen.screen().alternate_screen());
    terminal.press("h");
    terminal.shows(&["First of one."]);
    terminal.press("l");
    terminal.shows(&["two", "three"]);
    terminal.press("?");
    terminal.shows(&["reset"]);
    terminal.press("q");
    assert_eq!(terminal.ends().code(), Some(0));
}

#[test]
fn the_screen_follows_the_size_of_the_terminal() {
    let mut terminal = Terminal::watch(24, 80);
    terminal.shows(&["exercises/01_first/one.rs", "quit"]);
    // From now on it draws only when it must.
    terminal.until("the end of the check", |screen| !screen.contents().contains("Checking"));
    for (rows, columns) in [(40, 120), (12, 40), (3, 8), (24, 80)] {
        terminal.resize(rows, columns);
    }
    terminal.shows(&["exercises/01_first/one.rs", "quit"]);
    assert_eq!(terminal.ends_by("q").code(), Some(0));
}

#[test]
fn control_c_and_signals_give_the_terminal_back() {
    let mut terminal = Terminal::watch(24, 80);
    terminal.shows(&["quit"]);
    terminal.press("\u{3}");
    assert_eq!(terminal.ends().code(), Some(0));
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut terminal = Terminal::watch(24, 80);
        terminal.shows(&["quit"]);
        terminal.signal(signal);
        assert!(terminal.ends().code().is_some(), "{signal:?} killed it");
    }
}

#[test]
fn no_colour_where_none_is_wanted_and_no_screen_where_none_can_be() {
    let mut plain = Terminal::start(24, 80, |command| command.env("NO_COLOR", "1"));
    plain.shows(&["quit"]);
    let screen = plain.screen.screen();
    let cells = (0..24).flat_map(|row| (0..80).filter_map(move |column| screen.cell(row, column)));
    assert!(cells.into_iter().all(|cell| cell.fgcolor() == vt100::Color::Default));
    plain.press("q");
    assert_eq!(plain.ends().code(), Some(0));

    let mut dumb = Terminal::start(24, 80, |command| command.env("TERM", "dumb"));
    dumb.shows(&["one.rs"]);
    assert!(!dumb.screen.screen().alternate_screen());
    dumb.signal(Signal::INT);
    assert!(dumb.ends().code().is_some());
}
