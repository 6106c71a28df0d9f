//! What reaches the model, and what it wants done.

use std::sync::mpsc::Sender;

use crossterm::event::KeyEvent;

use crate::commands::exit::Exit;
use crate::commands::page::Page;
use crate::commands::{reset, solution};
use crate::problem::Problem;
use crate::progress::{Progress, State};
use crate::verdict::{CompileMessage, Verdict};

/// Something has happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// The terminal has another size.
    Resized,
    /// A tenth of a second has passed while something is going on.
    Tick,
    /// The watched file has other content.
    Changed,
    /// The watched file is not there.
    Missing,
    /// News of the check with this number.
    Check(u64, News),
    /// The progress as it now is on disk, and what to tell about it.
    Progress(Result<(Progress, Option<String>), Problem>),
    /// What came of a reset, in a sentence.
    Reset(Result<String, Problem>),
    /// The difference to the solution of the exercise at this place.
    Difference(usize, Result<Page, Problem>),
    /// Somebody wants the program to end.
    Stop,
    /// A part of the program is broken, and has said so.
    Broken,
}

/// What happens in a check.
#[derive(Debug)]
pub enum News {
    /// The dependencies are being built.
    Building,
    /// A line that cargo printed.
    Cargo(String),
    /// The compiler runs.
    Compiling,
    /// So many tests begin.
    Testing(usize),
    /// A test has ended.
    TestDone,
    /// The misuses are tried.
    Misuse,
    /// It is over.
    Verdict(Box<Result<Verdict, Problem>>),
    /// What clippy says, some time after the verdict.
    Advice(Vec<CompileMessage>),
}

/// Something is to be done. Exercises go by their place in the order of
/// learning.
#[derive(Clone, Debug, PartialEq)]
pub enum Cmd {
    /// Look at this exercise's file from now on.
    Watch(usize),
    /// Check this exercise, under this number; a check that runs is stale.
    Check {
        /// Number of the check.
        id: u64,
        /// The exercise.
        exercise: usize,
        /// Even if nothing has changed.
        fresh: bool,
    },
    /// Remember this.
    Record(Change),
    /// Put this exercise back to its stub.
    Reset(usize),
    /// Compare this exercise's file with its solution.
    Difference(usize),
    /// End the program.
    Quit(Exit),
}

/// A change of the progress.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The learner is at this exercise now.
    At(String),
    /// A verdict; the flag says that it is of the same answer as before.
    Verdict(Box<Verdict>, bool),
    /// So many hints of this exercise have been seen.
    Hints(String, u32),
    /// The solution of this exercise was asked for.
    GaveUp(String),
    /// This exercise is to be done again.
    Reopened(String),
}

impl Change {
    /// Makes the change.
    pub fn apply(&self, progress: &mut Progress) {
        match self {
            Change::At(name) => progress.current = Some(name.clone()),
            Change::Verdict(verdict, again) => progress.enter(verdict, *again),
            Change::Hints(name, count) => {
                let standing = progress.entry(name);
                standing.hints = standing.hints.max(*count);
            }
            Change::GaveUp(name) => solution::give_up(progress, name),
            Change::Reopened(name) => reset::reopen(progress, name),
        }
    }
}

/// Whether an exercise in this state may be left for the next one.
pub fn may_go_on(state: State) -> bool {
    state != State::Open
}

/// Ends the watch if the thread that holds this panics: without it, the watch
/// would go on deaf or mute.
pub struct Alarm(pub Sender<Msg>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = self.0.send(Msg::Broken);
        }
    }
}
