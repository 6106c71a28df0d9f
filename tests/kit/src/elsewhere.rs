//! Threads of a test.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Does `work` on a thread of its own.
///
/// The same as `std::thread::spawn`, but for its price: what belongs to threads
/// is compiled once, with the kit, and not with every answer.
///
/// ```
/// # use kit::elsewhere;
/// assert_eq!(elsewhere(|| 6 * 7).join().ok(), Some(42));
/// ```
pub fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Elsewhere<T> {
    let output = Arc::new(Mutex::new(None));
    let there = output.clone();
    let (thread, done) = start(Box::new(move || {
        let value = work();
        *unpoisoned(&there) = Some(value);
    }));
    Elsewhere { thread, done, output }
}

/// Work on another thread; see [`elsewhere`]. Dropped, it is left to itself.
#[must_use = "a panic over there is known to those who join"]
#[derive(Debug)]
pub struct Elsewhere<T> {
    thread: JoinHandle<()>,
    done: Receiver<()>,
    output: Arc<Mutex<Option<T>>>,
}

impl<T> Elsewhere<T> {
    /// Waits for its end, and returns what came of it.
    ///
    /// # Errors
    /// It panicked.
    pub fn join(self) -> thread::Result<T> {
        self.thread.join()?;
        let output = unpoisoned(&self.output).take();
        Ok(output.expect("work that has ended without a panic has an output"))
    }

    /// Whether it has ended, in whatever way.
    pub fn is_finished(&self) -> bool {
        self.thread.is_finished()
    }

    /// Whether it ends within this time, and without a panic.
    pub fn ends_within(&self, patience: Duration) -> bool {
        // Who asks again hears nothing more, but finds the output.
        self.done.recv_timeout(patience).is_ok() || unpoisoned(&self.output).is_some()
    }
}

fn unpoisoned<T>(output: &Mutex<T>) -> MutexGuard<'_, T> {
    output.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start(work: Box<dyn FnOnce() + Send>) -> (JoinHandle<()>, Receiver<()>) {
    let (say, done) = channel();
    let thread = thread::spawn(move || {
        work();
        // Whoever has gone does not want to know.
        let _ = say.send(());
    });
    (thread, done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn a_panic_over_there_is_an_error_here() {
        let panics = || -> u32 { std::panic::panic_any("over there") };
        let payload = elsewhere(panics).join().unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"over there"));
        assert!(!elsewhere(panics).ends_within(Duration::MAX));
    }

    #[test]
    fn it_ends_when_its_work_does() {
        let waits = |gate: &Arc<Barrier>| {
            let gate = gate.clone();
            elsewhere(move || gate.wait())
        };
        let gate = Arc::new(Barrier::new(2));
        let work = waits(&gate);
        assert!(!work.is_finished());
        assert_ne!(gate.wait().is_leader(), work.join().unwrap().is_leader());

        let work = waits(&gate);
        assert!(!work.ends_within(Duration::from_millis(1)));
        gate.wait();
        assert!(work.ends_within(Duration::MAX) && work.ends_within(Duration::ZERO));
    }
}
