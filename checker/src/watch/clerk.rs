//! The thread that reads and writes files for the watch: progress, stubs,
//! solutions. A slow disk, or another program that holds the progress, must
//! not hold the keys.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use super::message::{Alarm, Change, Msg};
use crate::catalogue::Exercise;
use crate::commands::{reset, solution};
use crate::kit::Kit;
use crate::progress::Store;

/// What is to be written or read.
pub enum Task {
    /// A change of the progress.
    Record(Change),
    /// The stub of this exercise is to be put back.
    Reset(Exercise),
    /// This exercise, at this place, is to be compared with its solution.
    Difference(usize, Exercise),
}

/// The thread.
pub struct Clerk {
    tasks: Sender<Task>,
    done: Receiver<()>,
}

impl Clerk {
    /// Starts the thread; what comes of its work goes to `out`.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(kit: Arc<Kit>, out: Sender<Msg>) -> std::io::Result<Self> {
        let (tasks, todo) = mpsc::channel::<Task>();
        let (ended, done) = mpsc::channel();
        thread::Builder::new().name("clerk".to_owned()).spawn(move || {
            let _ended = ended;
            let _alarm = Alarm(out.clone());
            let store = Store::new(kit.root());
            for task in todo {
                let _ = out.send(perform(&kit, &store, task));
            }
        })?;
        Ok(Clerk { tasks, done })
    }

    /// Gives the thread something to do.
    pub fn give(&self, task: Task) {
        let _ = self.tasks.send(task);
    }

    /// Waits until all is written, for a while.
    pub fn end(self, patience: Duration) {
        drop(self.tasks);
        let _ = self.done.recv_timeout(patience);
    }
}

fn perform(kit: &Kit, store: &Store, task: Task) -> Msg {
    match task {
        Task::Record(change) => {
            let updated = store.update(|progress| change.apply(progress));
            Msg::Progress(updated.map(|loaded| (loaded.progress, loaded.notice)))
        }
        Task::Reset(exercise) => {
            Msg::Reset(reset::reset(kit, &exercise).map(|done| done.say(kit, &exercise)))
        }
        Task::Difference(at, exercise) => Msg::Difference(at, solution::page(kit, &exercise)),
    }
}
