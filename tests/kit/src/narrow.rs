//! A wake between the poll and the sleep.

use std::future::{Future, poll_fn};
use std::hint::black_box;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use crate::{collide, race};

/// A future that another thread is about to end; see [`narrow_wakes`].
pub type Ending = Pin<Box<dyn Future<Output = bool> + Send>>;

/// Lets `block_on` run thousands of futures, each of which another thread ends
/// at about the time when its first poll has said Pending: now before the poll,
/// now while it is under way, now when the executor is on its way to sleep.
///
/// None of these wakes may be lost. Where one is, the executor sleeps for ever;
/// [`Lab::stuck_means`](crate::Lab::stuck_means) says what that is called.
pub fn narrow_wakes(block_on: &dyn Fn(Ending) -> bool) {
    race(4_000, &mut || {
        let meetings = (0..1_000).map(|n| (n, Arc::new(Meeting::default())));
        let pairs = meetings.map(|(n, meeting)| ((n, meeting.clone()), meeting));
        // Every other one is aimed; the rest tell whether the two collide.
        let end = |(n, meeting): (usize, Arc<Meeting>)| match n % 2 {
            0 => meeting.end(),
            _ => meeting.end_after_poll(n % 61 * 3),
        };
        let played = collide(pairs, end, |meeting| block_on(meeting.wait()));
        played.into_iter().step_by(2).map(|((), waited)| waited).collect()
    });
}

/// Ready once it was ended; until then it leaves its waker.
#[derive(Default)]
struct Meeting {
    state: Mutex<(bool, Option<Waker>)>,
    polled: AtomicBool,
}

impl Meeting {
    fn locked(&self) -> MutexGuard<'_, (bool, Option<Waker>)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives whether it was polled before its end.
    fn wait(self: Arc<Self>) -> Ending {
        let mut waited = false;
        Box::pin(poll_fn(move |cx| {
            let mut state = self.locked();
            state.1 = Some(cx.waker().clone());
            if state.0 {
                return Poll::Ready(waited);
            }
            waited = true;
            drop(state);
            self.polled.store(true, SeqCst);
            Poll::Pending
        }))
    }

    fn end(&self) {
        let waker = {
            let mut state = self.locked();
            state.0 = true;
            state.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The same, so many turns of a loop after the first poll: on the way to sleep. To
    /// read a clock takes as long as that way is.
    fn end_after_poll(&self, turns: usize) {
        // The poll is never far; but that thread may have had to leave its core.
        for _ in 0..10_000 {
            if self.polled.load(SeqCst) {
                break;
            }
            std::hint::spin_loop();
        }
        for turn in 0..turns {
            black_box(turn);
        }
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn futures_are_ended_before_their_first_poll_and_after_it() {
        let (ended, waited) = (Cell::new(0), Cell::new(0));
        narrow_wakes(&|future| {
            let has_waited = futures::executor::block_on(future);
            ended.set(ended.get() + 1);
            waited.set(waited.get() + usize::from(has_waited));
            has_waited
        });
        assert!(ended.get() >= 1_000 && waited.get() > 0, "{ended:?}, {waited:?}");
    }
}
