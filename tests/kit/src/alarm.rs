//! Waits that end in another thread, for tests of executors.

use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::{Builder, ThreadId, current};
use std::time::{Duration, Instant};

use pin_project_lite::pin_project;
use record::Kind;
use record::timeline::seconds;

use crate::effort::Effort;
use crate::patience::waits;
use crate::recorder::{self, Recorder};
use crate::{blame, ms, plainly};

/// Polls of an alarm before it rings. One is needed; the others are for sleeps
/// that end for no reason, as those of threads may.
const MOST_POLLS: usize = 3;

/// Only a wait of this length shows whether the thread was asleep meanwhile.
const LONG: Duration = ms(100);

/// How often a wait is made longer because it has shown nothing yet: on a busy
/// machine a thread may have come neither to sleep nor to work.
const MORE_WAITS: usize = 20;

/// Naps in a wait that a right answer may need: one for the wake, the others
/// for locks that were held just then.
const MOST_NAPS: u64 = 3;

/// For a thread that has nothing more to do but to end, or is held up by the
/// executor.
const LONGEST: Duration = ms(640);

/// Processor time in a wait that a right answer may need: for the way into a sleep and
/// out of it, and for a look around before.
const MOST_WORK: Duration = ms(5);

/// So many waits in a row with more naps than that, and it is no accident.
const RESTLESS_WAITS: usize = 3;

/// A future that a thread of its own ends, `delay` of real time after the
/// first poll. It is not `Unpin`, and is to be awaited alone.
///
/// However long the thread takes, a right executor passes. One that polls
/// without having been woken fails at its fourth poll (`busy-wake`), and after
/// a delay of 100 ms or more so does one whose thread did not sleep meanwhile,
/// or got up again and again to look whether it was woken.
/// The alarm rings again and again until it is heard.
pub fn alarm(label: &str, delay: Duration) -> Alarm {
    Alarm {
        label: label.to_owned(),
        delay,
        bell: Bell::default(),
        polls: 0,
        waits: 0,
        restless: 0,
        asleep: None,
        heard: None,
        pinned: PhantomPinned,
    }
}

pin_project! {
    /// A wait that another thread ends; see [`alarm`].
    pub struct Alarm {
        label: String,
        delay: Duration,
        bell: Bell,
        polls: usize,
        // That were made longer.
        waits: usize,
        // Waits in a row in which the thread got up too often.
        restless: usize,
        // Where and when a poll returned Pending; in a wait that was made
        // longer because it has shown nothing, the first one.
        asleep: Option<(ThreadId, Effort)>,
        // Tells the thread to stop ringing, by being dropped.
        heard: Option<Sender<()>>,
        #[pin]
        pinned: PhantomPinned,
    }
}

#[derive(Clone, Default)]
struct Bell(Arc<Mutex<Ring>>);

#[derive(Default)]
struct Ring {
    has_rung: bool,
    waker: Option<Waker>,
}

impl Bell {
    fn locked(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self) {
        let waker = {
            let mut ring = self.locked();
            ring.has_rung = true;
            ring.waker.clone()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Future for Alarm {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        // A wait that was made longer is the same wait: the record has no more of it.
        let is_new = *this.waits == 0;
        if is_new {
            recorder::event(this.label, Kind::Polled);
        }
        let slept = this.asleep.take().filter(|(thread, _)| *thread == current().id());
        let has_rung = {
            let mut ring = this.bell.locked();
            ring.waker = Some(cx.waker().clone());
            ring.has_rung
        };
        if has_rung {
            *this.heard = None;
            let rest = match slept {
                Some((_, before)) if *this.delay >= LONG => {
                    rest(this.label, *this.delay, before, *this.restless + 1 == RESTLESS_WAITS)
                }
                // Not asked, not told, or not for this thread.
                _ => Rest::Asleep,
            };
            if rest == Rest::Asleep || *this.waits == MORE_WAITS {
                recorder::event(this.label, Kind::Ready);
                return Poll::Ready(());
            }
            *this.waits += 1;
            *this.polls = 1;
            if rest == Rest::Restless {
                *this.restless += 1;
                *this.asleep = here_and_now();
            } else {
                *this.restless = 0;
                *this.asleep = slept;
            }
            *this.bell = Bell::default();
            this.bell.locked().waker = Some(cx.waker().clone());
            *this.heard = Some(ring_after(this.bell, *this.delay, None, this.label));
            return Poll::Pending;
        }
        *this.polls += 1;
        let (who, count) = (&this.label, *this.polls - 1);
        blame("busy-wake")
            .because("polled-unwoken", &[("who", who), ("count", &count)])
            .unless(*this.polls <= MOST_POLLS);
        if this.heard.is_none() {
            *this.heard = Some(ring_after(this.bell, *this.delay, recorder::current(), this.label));
        }
        if is_new {
            recorder::event(this.label, Kind::Pending);
            *this.asleep = here_and_now();
        } else {
            *this.asleep = slept;
        }
        Poll::Pending
    }
}

/// Rings this bell from another thread, until what is returned is dropped.
fn ring_after(
    bell: &Bell,
    delay: Duration,
    recorder: Option<Arc<Recorder>>,
    label: &str,
) -> Sender<()> {
    let (heard, still_waiting) = channel();
    let (bell, label) = (bell.clone(), label.to_owned());
    in_a_thread(move || keep_ringing(&bell, delay, &still_waiting, recorder, &label));
    heard
}

fn keep_ringing(
    bell: &Bell,
    delay: Duration,
    still_waiting: &Receiver<()>,
    recorder: Option<Arc<Recorder>>,
    label: &str,
) {
    let mut pause = delay;
    // Told once: how often it rings before a busy machine gets round to the
    // poll says nothing about the answer.
    let mut untold = recorder;
    while still_waiting.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        if let Some(recorder) = untold.take() {
            recorder.event(label, Kind::Woken);
        }
        bell.ring();
        pause = ms(50);
    }
}

fn here_and_now() -> Option<(ThreadId, Effort)> {
    Effort::now().map(|effort| (current().id(), effort))
}

/// What the thread did during a wait.
#[derive(PartialEq)]
enum Rest {
    /// It slept, or the system does not tell.
    Asleep,
    /// It slept, and got up more often than a right answer has to.
    Restless,
    /// It neither slept nor worked: it did not get a processor.
    Unknown,
}

/// Fails the test if the thread that waited had work to do while it did, or if
/// this is the `last` restless wait that may be.
#[track_caller]
fn rest(label: &str, delay: Duration, before: Effort, last: bool) -> Rest {
    let Some(now) = Effort::now() else { return Rest::Asleep };
    let used = now.since(before);
    let restless = used.naps > MOST_NAPS;
    // On a busy machine who gives its turn away uses little, but has many turns.
    let too_much = used.cpu > MOST_WORK || used.naps > 20 || (used.naps == 0 && used.turns > 10);
    let awake = too_much || (restless && last);
    let (wait, cpu) = (seconds(delay), seconds(used.cpu));
    blame("busy-wake")
        .because(
            "not-asleep",
            &[("who", &label), ("wait", &wait), ("cpu", &cpu), ("naps", &used.naps)],
        )
        .unless(!awake);
    match used.naps {
        0 => Rest::Unknown,
        _ if restless => Rest::Restless,
        _ => Rest::Asleep,
    }
}

/// A future that is woken while its poll is still running, and then returns
/// Pending. The wake must not be forgotten: the next poll is due at once.
///
/// If it does not come, a thread wakes the task once more, so that the test
/// can go on; but if that was needed every time (see [`crate::patience()`]), it fails
/// (`wake-lost-before-park`).
pub fn early_wake(label: &str) -> EarlyWake {
    EarlyWake {
        label: label.to_owned(),
        by_thread: false,
        times: waits().collect(),
        blocked: 0,
        lost: Arc::default(),
        polled: None,
        wakers: Vec::new(),
        done: 0,
    }
}

/// A wait that is over before `poll` returns; see [`early_wake`].
pub struct EarlyWake {
    label: String,
    by_thread: bool,
    times: Vec<Duration>,
    blocked: usize,
    lost: Arc<Mutex<usize>>,
    // Tells the thread that the next poll has come, by being dropped.
    polled: Option<Sender<()>>,
    // Of threads that have woken the task since the last poll: whether each is done.
    wakers: Vec<Arc<AtomicBool>>,
    done: usize,
}

impl EarlyWake {
    /// Another thread does the waking, twice each time, and `poll` waits for it
    /// to have done so. If `wake` does not come through while `poll` is running,
    /// not even once, the test fails.
    #[must_use]
    pub fn by_thread(mut self) -> Self {
        self.by_thread = true;
        self
    }
}

impl Future for EarlyWake {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        recorder::event(&self.label, Kind::Polled);
        self.polled = None;
        // A thread that is slow could call a wake that it owes to the last wait after
        // this poll, and so end a wait in which the executor has lost one.
        for over in std::mem::take(&mut self.wakers) {
            within(LONGEST, &over);
        }
        let Some(patience) = self.times.get(self.done).copied() else {
            plainly()
                .because("wake-blocked", &[("who", &self.label)])
                .unless(self.blocked < self.times.len());
            let lost = *self.lost.lock().unwrap_or_else(PoisonError::into_inner);
            // A wake that came too late for its poll has shown nothing.
            let shown = self.times.len() - self.blocked;
            blame("wake-lost-before-park")
                .because("wakes-lost", &[("who", &self.label), ("count", &lost)])
                .unless(lost < shown || shown < self.times.len() / 2);
            recorder::event(&self.label, Kind::Ready);
            return Poll::Ready(());
        };
        let mut in_time = true;
        if self.by_thread {
            let (waker, came) = (cx.waker().clone(), Arc::new(AtomicBool::new(false)));
            let comes = came.clone();
            in_a_thread(move || {
                // Twice: neither may wait for the end of the poll.
                waker.wake_by_ref();
                waker.wake();
                comes.store(true, SeqCst);
            });
            in_time = within(patience, &came);
            self.blocked += usize::from(!in_time);
            self.wakers.push(came);
        } else if self.done.is_multiple_of(2) {
            cx.waker().wake_by_ref();
        } else {
            let twin = cx.waker().clone();
            twin.wake();
        }
        recorder::event(&self.label, Kind::Woken);
        self.done += 1;

        let (polled, still_waiting) = channel::<()>();
        self.polled = Some(polled);
        let (lost, waker) = (self.lost.clone(), cx.waker().clone());
        let over = Arc::new(AtomicBool::new(false));
        self.wakers.push(over.clone());
        in_a_thread(move || {
            let mut first = in_time;
            while still_waiting.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                if std::mem::take(&mut first) {
                    *lost.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                }
                waker.wake_by_ref();
            }
            over.store(true, SeqCst);
        });
        recorder::event(&self.label, Kind::Pending);
        Poll::Pending
    }
}

/// Waits for another thread without going to sleep: a channel would `park`, and
/// so use up the very token by which an executor may have been woken.
fn within(patience: Duration, came: &AtomicBool) -> bool {
    let start = Instant::now();
    while !came.load(SeqCst) && start.elapsed() < patience {
        std::thread::yield_now();
    }
    came.load(SeqCst)
}

fn in_a_thread(work: impl FnOnce() + Send + 'static) {
    Builder::new()
        .name("alarm".into())
        .spawn(work)
        .expect("a process that cannot start a thread cannot test an executor");
}
