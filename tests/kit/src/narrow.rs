//! A wake between the poll and the sleep.

use std::future::{Future, poll_fn};
use std::hint::black_box;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
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
    let aim = Aim::default();
    race(8_000, &mut || {
        let meetings = (0..1_000).map(|n| (n, Arc::new(Meeting::default())));
        let pairs = meetings.map(|(n, meeting)| ((n, meeting.clone()), meeting));
        // Every other one tells whether the two collide. The rest end a little after that
        // moment, or a little after they have heard of the poll.
        let end = |(n, meeting): (usize, Arc<Meeting>)| match n % 8 {
            0 | 2 | 4 | 6 => aim.end(&meeting),
            1 | 3 | 5 => aim.end_later(&meeting, n % 64),
            _ => meeting.end_after_poll(n % 61 * 3),
        };
        let played = collide(pairs, end, |meeting| block_on(meeting.wait()));
        played.into_iter().step_by(2).map(|((), waited)| waited).collect()
    });
}

/// How long the other thread is on its way to its first poll, in turns of a loop. To hear
/// of that poll takes longer, where the cores are far apart, than an executor is on its
/// way to sleep.
#[derive(Default)]
struct Aim(AtomicUsize);

impl Aim {
    /// Ends it at about the moment of the poll, and learns on which side of it that was.
    fn end(&self, meeting: &Meeting) {
        let turns = self.0.load(SeqCst);
        linger(turns);
        let was_polled = meeting.end();
        self.0.store(if was_polled { turns.saturating_sub(1) } else { turns + 1 }, SeqCst);
    }

    fn end_later(&self, meeting: &Meeting, turns: usize) {
        linger(self.0.load(SeqCst) + turns);
        meeting.end();
    }
}

fn linger(turns: usize) {
    for turn in 0..turns {
        black_box(turn);
    }
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

    /// Gives whether it was polled before.
    fn end(&self) -> bool {
        let waker = {
            let mut state = self.locked();
            state.0 = true;
            state.1.take()
        };
        let was_polled = waker.is_some();
        if let Some(waker) = waker {
            waker.wake();
        }
        was_polled
    }

    /// The same, so many turns of a loop after the first poll was heard of: on the way to
    /// sleep. To read a clock takes as long as that way is.
    fn end_after_poll(&self, turns: usize) {
        // The poll is never far; but that thread may have had to leave its core.
        for _ in 0..10_000 {
            if self.polled.load(SeqCst) {
                break;
            }
            std::hint::spin_loop();
        }
        linger(turns);
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Condvar;
    use std::task::{Context, Wake};

    use super::*;

    /// Looks whether it was woken, lets go of that, and then lies down.
    fn looks_then_waits(future: Ending, lost: &Cell<usize>) -> bool {
        #[derive(Default)]
        struct Signal(Mutex<bool>, Condvar);

        impl Wake for Signal {
            fn wake(self: Arc<Self>) {
                *self.0.lock().unwrap() = true;
                self.1.notify_one();
            }
        }

        let (signal, mut future) = (Arc::new(Signal::default()), future);
        let waker = Waker::from(signal.clone());
        let mut cx = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(waited) = future.as_mut().poll(&mut cx) {
                return waited;
            }
            while !std::mem::take(&mut *signal.0.lock().unwrap()) {
                // It does not sleep for ever, so that the others can be counted.
                let woken = signal.0.lock().unwrap();
                let is_lost = *woken;
                lost.set(lost.get() + usize::from(is_lost));
                if !is_lost {
                    drop(signal.1.wait(woken).unwrap());
                }
            }
        }
    }

    #[test]
    fn who_looks_first_and_waits_then_is_found_out() {
        if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
            return;
        }
        let lost = Cell::new(0);
        // With a dozen others that spin on its cores, a race may show nothing.
        for _ in 0..10 {
            narrow_wakes(&|future| looks_then_waits(future, &lost));
            if lost.get() > 0 {
                break;
            }
        }
        assert!(lost.get() > 0);
    }

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
