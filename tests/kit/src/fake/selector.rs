//! A selector, which tells when a socket or a listener can go on, and sleeps until
//! one can.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::nap::{Bell, Nap, Notifier, OtherSide};
use super::wire::{MOST_TRIES, Source};
use crate::{blame, plainly};

/// Tells what has happened to sockets and listeners. Clones are the same selector.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    watch: Rc<RefCell<Watch>>,
    bell: Bell,
    other_side: Rc<OtherSide>,
    /// Looks in a row that were not to take any time, and found nothing.
    in_vain: Rc<Cell<usize>>,
}

#[derive(Debug, Default)]
pub(super) struct Watch {
    pub(super) tokens: BTreeSet<usize>,
    /// What nobody has been told yet: one for each token.
    pub(super) events: Vec<Event>,
}

/// What has happened to one socket since it was last told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The number that the socket was registered with.
    pub token: usize,
    /// Bytes have arrived, or the other side is gone.
    pub readable: bool,
    /// There is room again after there was not enough, or the other side is gone.
    pub writable: bool,
}

impl Selector {
    /// A selector without sockets.
    pub fn new() -> Self {
        Selector::default()
    }

    /// From now on tells what happens to this socket or listener, by this number.
    ///
    /// # Errors
    /// `AlreadyExists`: it is registered already, or the number in use.
    pub fn register(&self, source: &impl Source, token: usize) -> io::Result<()> {
        let mut registered = source.end().registered.borrow_mut();
        if registered.is_some() || !self.watch.borrow_mut().tokens.insert(token) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        *registered = Some((Rc::downgrade(&self.watch), token));
        drop(registered);
        // What is there already is news to who has just come.
        if source.is_readable() {
            source.end().happened(true, false);
        }
        Ok(())
    }

    /// Tells no more of it. What is dropped needs no such call.
    ///
    /// # Errors
    /// `NotFound`: it is not registered.
    pub fn deregister(&self, source: &impl Source) -> io::Result<()> {
        if source.end().forget() { Ok(()) } else { Err(ErrorKind::NotFound.into()) }
    }

    /// How many sockets and listeners are registered.
    pub fn registered(&self) -> usize {
        self.watch.borrow().tokens.len()
    }

    /// What has happened since the last call, each change once. Does not sleep: if
    /// there is nothing, the list is empty. Who asks a hundred times while there is
    /// nothing fails the test (`busy-wake`). See [`Selector::select_for`].
    pub fn select(&self) -> Vec<Event> {
        let events = self.news();
        if events.is_empty() {
            self.looked_in_vain();
        } else {
            self.in_vain.set(0);
        }
        events
    }

    /// The same, but if there is nothing, the thread sleeps until there is: so long
    /// at most, and without `timeout` for ever. `Some(Duration::ZERO)` only looks.
    ///
    /// A [`Notifier`] ends the sleep, too. Then the list may be empty, as it is when
    /// the time is over.
    pub fn select_for(&self, timeout: Option<Duration>) -> Vec<Event> {
        let begun = Instant::now();
        loop {
            let events = self.news();
            if self.bell.has_rung() || !events.is_empty() {
                self.in_vain.set(0);
                return events;
            }
            if timeout == Some(Duration::ZERO) {
                self.looked_in_vain();
                return events;
            }
            // Before any time goes by, the other side has its turn: who sleeps now
            // does so for as long as that may take.
            if self.other_side.moves(Nap { timeout }) {
                continue;
            }
            self.in_vain.set(0);
            let until = timeout.and_then(|timeout| begun.checked_add(timeout));
            if self.other_side.has_played() {
                bounded(timeout);
            }
            if !self.bell.wait(until) {
                return self.news();
            }
        }
    }

    fn news(&self) -> Vec<Event> {
        std::mem::take(&mut self.watch.borrow_mut().events)
    }

    /// Something with which any thread can end the sleep of this selector.
    pub fn notifier(&self) -> Notifier {
        self.bell.notifier()
    }

    /// From now on plays the other side of all connections, in the sleeps of this
    /// selector: whenever it is about to sleep, `other_side` goes on to its next
    /// [`asleep`](super::asleep). So a test knows where the loop is when something
    /// happens, without a thread and without a clock.
    ///
    /// Once `other_side` has come to its end, nothing more will happen: then a sleep
    /// without end, or of more than some seconds, fails the test.
    pub fn plays(&self, other_side: impl Future<Output = ()> + 'static) {
        self.other_side.begins(Box::pin(other_side));
    }

    /// Fails the test of a loop that looks again and again, and lets nothing happen.
    fn looked_in_vain(&self) {
        let count = self.in_vain.get() + 1;
        self.in_vain.set(count);
        blame("busy-wake")
            .because("select-in-vain", &[("count", &count)])
            .unless(count < MOST_TRIES);
    }
}

/// A sleep that may be, when nobody else is left to do anything.
const LONGEST_NAP: Duration = Duration::from_secs(5);

fn bounded(timeout: Option<Duration>) {
    plainly().because("sleeps-for-ever", &[]).unless(timeout.is_some_and(|t| t <= LONGEST_NAP));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{capture, run_sync};

    #[test]
    fn who_asks_without_end_is_told() {
        let only_look = |selector: &Selector| selector.select_for(Some(Duration::ZERO));
        for ask in [Selector::select, only_look] {
            let asked = |times: usize| {
                let record = capture(|| {
                    run_sync(|| {
                        let selector = Selector::new();
                        (0..times).for_each(|_| drop(ask(&selector)));
                    });
                });
                record.diagnosis.and_then(|told| told.pitfall)
            };
            assert_eq!(asked(MOST_TRIES - 1), None);
            assert_eq!(asked(MOST_TRIES).as_deref(), Some("busy-wake"));
        }
    }
}
