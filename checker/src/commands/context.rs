//! What every command needs: the kit, the progress, the exercise that is meant.

use super::{place, print};
use crate::catalogue::Exercise;
use crate::kit::Kit;
use crate::problem::{Problem, Result};
use crate::progress::{Progress, Store};
use crate::stubs;

/// The kit and how the learner stands in it.
pub struct Context {
    /// The kit around the current folder.
    pub kit: Kit,
    /// Where the progress is kept.
    pub store: Store,
    /// The progress as it was when the command began.
    pub progress: Progress,
}

impl Context {
    /// Finds the kit and reads the progress. Progress that cannot be read is
    /// said and does not stop anybody from learning.
    ///
    /// # Errors
    /// There is no kit here.
    pub fn open() -> Result<Self> {
        let kit = Kit::find()?;
        let store = Store::new(kit.root());
        let progress = match store.load() {
            Ok(loaded) => {
                loaded.notice.iter().for_each(|n| print::notice(n));
                loaded.progress
            }
            Err(problem) => {
                print::notice(&problem.to_string());
                Progress::default()
            }
        };
        stubs::keep_pristine(&kit, &progress);
        Ok(Context { kit, store, progress })
    }

    /// The exercise with this name, or the one that the learner is at, or the
    /// last one if all are done.
    ///
    /// # Errors
    /// There is none of this name, or none at all.
    pub fn exercise(&self, name: Option<&str>) -> Result<&Exercise> {
        let catalogue = self.kit.catalogue();
        match name {
            Some(name) => catalogue.get(name),
            None => place::current(catalogue, &self.progress)
                .or_else(|| catalogue.exercises().last())
                .ok_or_else(|| Problem::new("no-exercises")),
        }
    }

    /// Changes the progress on disk. That this fails is said, and no more: a
    /// verdict is worth more than its entry.
    pub fn update(&mut self, change: impl FnOnce(&mut Progress)) {
        match self.store.update(change) {
            Ok(loaded) => {
                loaded.notice.iter().for_each(|n| print::notice(n));
                self.progress = loaded.progress;
            }
            Err(problem) => print::notice(&problem.to_string()),
        }
    }
}
