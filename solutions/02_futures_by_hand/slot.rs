//! slot: the reference answer.
//!
//! One small state behind one lock. Every rule of the waker contract is one
//! line of it: register while you hold the lock, wake when you no longer do.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

/// Two ends of one value. Both may change threads if the value may.
pub fn slot<T>() -> (Setter<T>, Slot<T>) {
    let state = State { value: None, waker: None, setter_gone: false, slot_gone: false };
    let shared = Arc::new(Mutex::new(state));
    (Setter { shared: shared.clone() }, Slot { shared })
}

struct State<T> {
    value: Option<T>,
    /// Who is to be woken: the task of the latest poll.
    waker: Option<Waker>,
    /// Set when no value can come any more, or none but the one that is here.
    setter_gone: bool,
    /// Set when nobody is left who could take a value.
    slot_gone: bool,
}

/// Locks the state. Nothing that could panic runs under this lock, and nothing
/// of other people's: no `wake`, no drop of a value or a waker.
fn lock<T>(shared: &Mutex<State<T>>) -> MutexGuard<'_, State<T>> {
    shared.lock().expect("nobody panics under this lock")
}

/// Gives the value. Dropped without [`set`](Setter::set), it ends the wait
/// with [`Cancelled`], and wakes the task that polled the slot last.
pub struct Setter<T> {
    shared: Arc<Mutex<State<T>>>,
}

impl<T> Setter<T> {
    /// Hands the value over and, before it returns, wakes the task that polled
    /// the slot last. If the slot was dropped, the value comes back.
    pub fn set(self, value: T) -> Result<(), T> {
        let mut state = lock(&self.shared);
        if state.slot_gone {
            return Err(value);
        }
        state.value = Some(value);
        Ok(())
        // Here the lock is released first, and then `self` is dropped. So the
        // wake stands in one place for both ways to end the wait.
    }
}

impl<T> Drop for Setter<T> {
    fn drop(&mut self) {
        let waker = {
            let mut state = lock(&self.shared);
            state.setter_gone = true;
            state.waker.take()
        };
        // The block has ended and the lock with it. An executor may poll right
        // inside this call, and that poll takes the lock again.
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Waits for the value: `Pending` until it is set. Keeps the waker of its
/// latest poll and no other; when the slot is dropped, that one goes with it.
#[must_use = "a future does nothing until it is awaited"]
pub struct Slot<T> {
    shared: Arc<Mutex<State<T>>>,
}

impl<T> Future for Slot<T> {
    type Output = Result<T, Cancelled>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = lock(&self.shared);
        if let Some(value) = state.value.take() {
            return Poll::Ready(Ok(value));
        }
        if state.setter_gone {
            return Poll::Ready(Err(Cancelled));
        }
        // Still under the lock under which we looked: between "nothing here"
        // and "wake me", no setter can slip in and find no waker.
        // And in every poll: the task may not be the one that polled before.
        let old = state.waker.replace(cx.waker().clone());
        drop(state);
        drop(old); // may be the last handle of a task, whose drop is not our code
        Poll::Pending
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        let left = {
            let mut state = lock(&self.shared);
            state.slot_gone = true;
            (state.value.take(), state.waker.take())
        };
        // A waker keeps its task in memory: it must not wait for the setter.
        drop(left);
    }
}

/// The setter was dropped: no value will come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;
