//! Futures and streams that insist on the rules of polling.

use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures::Stream;
use pin_project_lite::pin_project;
use record::Kind;

use crate::{blame, recorder};

pin_project! {
    /// A future that fails the test when it is moved after its first poll
    /// (`moved-after-first-poll`) or polled after its end (`repoll-after-ready`).
    /// It is not `Unpin`.
    pub struct Strict<T> {
        label: String,
        wait: Wait<T>,
        watch: StrictWatch,
        address: Option<usize>,
        #[pin]
        pinned: PhantomPinned,
    }
}

enum Wait<T> {
    /// Ready when this many more polls were made; wakes itself each time.
    Polls(usize, Option<T>),
    /// Ready when the opener says so.
    Opener(Arc<Mutex<Gate<T>>>),
    Over,
}

struct Gate<T> {
    value: Option<T>,
    waker: Option<Waker>,
}

/// A strict future that is ready on its first poll.
pub fn strict<T>(label: &str, value: T) -> Strict<T> {
    Strict::new(label, Wait::Polls(0, Some(value)))
}

/// A strict future that is ready once the [`Opener`] has given it a value. It
/// keeps the waker of its latest poll.
pub fn gate<T>(label: &str) -> (Opener<T>, Strict<T>) {
    let shared = Arc::new(Mutex::new(Gate { value: None, waker: None }));
    let opener = Opener { label: label.to_owned(), shared: shared.clone() };
    (opener, Strict::new(label, Wait::Opener(shared)))
}

impl<T> Strict<T> {
    fn new(label: &str, wait: Wait<T>) -> Self {
        Strict {
            label: label.to_owned(),
            wait,
            watch: StrictWatch::default(),
            address: None,
            pinned: PhantomPinned,
        }
    }

    /// Stays pending for this many polls first, waking its task each time.
    #[must_use]
    pub fn pending(mut self, polls: usize) -> Self {
        if let Wait::Polls(left, _) = &mut self.wait {
            *left = polls;
        }
        self
    }

    /// What is known of this future, also after it was given away.
    pub fn watch(&self) -> StrictWatch {
        self.watch.clone()
    }
}

impl<T> Future for Strict<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let here = std::ptr::from_ref(self.as_ref().get_ref()) as usize;
        let this = self.project();
        if *this.address.get_or_insert(here) != here {
            blame("moved-after-first-poll").because("moved", &[("who", this.label)]).now();
        }
        recorder::event(this.label, Kind::Polled);
        this.watch.locked().polls += 1;
        let ready = match this.wait {
            Wait::Polls(0, value) => value.take(),
            Wait::Polls(left, _) => {
                *left -= 1;
                cx.waker().wake_by_ref();
                None
            }
            Wait::Opener(gate) => {
                let mut gate = lock(gate);
                let value = gate.value.take();
                if value.is_none() {
                    gate.waker = Some(cx.waker().clone());
                }
                value
            }
            Wait::Over => {
                blame("repoll-after-ready")
                    .because("polled-after-ready", &[("who", this.label)])
                    .now();
            }
        };
        recorder::event(this.label, if ready.is_some() { Kind::Ready } else { Kind::Pending });
        match ready {
            Some(value) => {
                *this.wait = Wait::Over;
                this.watch.locked().done = true;
                Poll::Ready(value)
            }
            None => Poll::Pending,
        }
    }
}

/// Ends the wait of a [`gate`].
pub struct Opener<T> {
    label: String,
    shared: Arc<Mutex<Gate<T>>>,
}

impl<T> Opener<T> {
    /// Gives the value and wakes the task that polled last, if one did.
    pub fn open(self, value: T) {
        let waker = {
            let mut gate = lock(&self.shared);
            gate.value = Some(value);
            gate.waker.take()
        };
        crate::note(format!("open({})", self.label));
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether somebody has polled the gate and left a waker.
    pub fn is_awaited(&self) -> bool {
        lock(&self.shared).waker.is_some()
    }
}

/// What is known of a strict future or stream. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct StrictWatch(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    polls: usize,
    done: bool,
}

impl StrictWatch {
    /// How often it was polled.
    pub fn polls(&self) -> usize {
        self.locked().polls
    }

    /// Whether it has returned its value, or its end.
    pub fn is_done(&self) -> bool {
        self.locked().done
    }

    fn locked(&self) -> MutexGuard<'_, Seen> {
        lock(&self.0)
    }
}

/// A stream of these items, each ready at once, that fails the test when it is
/// polled after its end (`unfused-stream-repoll`). It is not `Unpin`.
pub fn strict_stream<T>(label: &str, items: impl IntoIterator<Item = T>) -> StrictStream<T> {
    StrictStream {
        label: label.to_owned(),
        items: items.into_iter().collect::<Vec<T>>().into_iter(),
        watch: StrictWatch::default(),
        pinned: PhantomPinned,
    }
}

pin_project! {
    /// A stream that insists on the rules; see [`strict_stream`].
    pub struct StrictStream<T> {
        label: String,
        items: std::vec::IntoIter<T>,
        watch: StrictWatch,
        #[pin]
        pinned: PhantomPinned,
    }
}

impl<T> StrictStream<T> {
    /// What is known of this stream, also after it was given away.
    pub fn watch(&self) -> StrictWatch {
        self.watch.clone()
    }
}

impl<T> Stream for StrictStream<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.project();
        let over = {
            let mut seen = this.watch.locked();
            seen.polls += 1;
            seen.done
        };
        if over {
            blame("unfused-stream-repoll")
                .because("polled-after-ready", &[("who", this.label)])
                .now();
        }
        let item = this.items.next();
        this.watch.locked().done = item.is_none();
        Poll::Ready(item)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_after_the_first_poll_is_seen() {
        // Safe code cannot move a pinned value, so the first address is made up.
        let record = crate::capture(|| {
            crate::run(async {
                let mut future = strict("still", ());
                future.address = Some(1);
                future.await;
            });
        });
        let pitfall = record.diagnosis.and_then(|d| d.pitfall);
        assert_eq!(pitfall.as_deref(), Some("moved-after-first-poll"));
    }
}
