//! Stopping a check from outside.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Stops everything that was started with it: no further process begins, and
/// those that run are ended with all their children. Clones are one token.
#[derive(Clone, Default)]
pub struct Cancel(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    cancelled: bool,
    next: u64,
    listeners: Vec<(u64, Listener)>,
    /// Keeps a child listening to its parent for as long as the child lives.
    parent: Option<Arc<Listening>>,
}

type Listener = Box<dyn FnOnce() + Send>;

impl Cancel {
    /// A token that nobody has used yet.
    pub fn new() -> Self {
        Cancel::default()
    }

    /// Asks everything that holds this token to stop, now and for ever.
    pub fn cancel(&self) {
        let listeners = {
            let mut state = self.state();
            state.cancelled = true;
            std::mem::take(&mut state.listeners)
        };
        for (_, listener) in listeners {
            listener();
        }
    }

    /// Whether [`cancel`](Self::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.state().cancelled
    }

    /// A token that is cancelled with this one, or alone.
    pub fn child(&self) -> Cancel {
        let child = Cancel::new();
        let weak = Arc::downgrade(&child.0);
        let listening = self.on_cancel(move || {
            if let Some(state) = weak.upgrade() {
                Cancel(state).cancel();
            }
        });
        child.state().parent = Some(Arc::new(listening));
        child
    }

    /// Calls `listener` once when the token is cancelled, at once if it is
    /// already; never after the returned guard was dropped and `cancel` was
    /// not yet under way.
    pub(crate) fn on_cancel(&self, listener: impl FnOnce() + Send + 'static) -> Listening {
        let mut state = self.state();
        let id = state.next;
        state.next += 1;
        if state.cancelled {
            drop(state);
            listener();
        } else {
            state.listeners.push((id, Box::new(listener)));
        }
        Listening { state: Arc::downgrade(&self.0), id }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stops listening when dropped.
pub(crate) struct Listening {
    state: Weak<Mutex<State>>,
    id: u64,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(state) = self.state.upgrade() {
            // Dropped outside the lock: a listener may own what locks it again.
            let _gone: Vec<_> = {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                state.listeners.extract_if(.., |(id, _)| *id == self.id).collect()
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_listener_is_called_once_and_not_after_its_guard() {
        let calls = Arc::new(AtomicUsize::new(0));
        let count = || {
            let calls = calls.clone();
            move || {
                calls.fetch_add(1, Ordering::Relaxed);
            }
        };
        let cancel = Cancel::new();
        let _kept = cancel.on_cancel(count());
        drop(cancel.on_cancel(count()));
        cancel.cancel();
        cancel.cancel();
        assert_eq!(calls.load(Ordering::Relaxed), 1);
        let _late = cancel.on_cancel(count());
        assert_eq!(calls.load(Ordering::Relaxed), 2, "called at once: it is cancelled already");
    }

    #[test]
    fn a_child_stops_with_its_parent_but_not_the_other_way() {
        let parent = Cancel::new();
        let (one, two) = (parent.child(), parent.child());
        one.cancel();
        assert!(!parent.is_cancelled() && !two.is_cancelled());
        parent.cancel();
        assert!(two.is_cancelled());
        assert!(parent.child().is_cancelled());
    }
}
