//! The last resort: real time, for what no virtual clock can see.
//!
//! A blocked thread or a task that wakes itself for ever keeps the virtual
//! clock from moving, so the virtual deadline never comes. One thread a process
//! waits beside the tests; when one of them has not ended in a generous time,
//! it tells what is known and ends the process. A right answer takes
//! milliseconds and never meets it.
//!
//! Where the system tells what threads do, it need not wait for so long: see
//! [`Probe`] and [`Stillness`]. It does wait where other tests run in the same
//! process, as under a plain `cargo test`: they may yet come to their end.

use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use record::timeline::seconds;

use crate::probe::{Probe, Stuck};
use crate::recorder::{self, Recorder};
use crate::still::{STILL, Stillness};
use crate::{blame, plainly};

/// Real seconds that one test may take; `ASYNCLINGS_TEST_SECONDS` changes it.
const SECONDS: u64 = 10;

/// How often it looks at what threads do.
const LOOK: Duration = Duration::from_millis(100);

/// libtest's own exit code for "some test failed".
const FAILED: i32 = 101;

struct Watch {
    recorder: Weak<Recorder>,
    means: Means,
    until: Instant,
    /// None where other tests run beside it.
    looks: Option<Looks>,
}

/// What it looks at while a test runs.
struct Looks {
    /// The thread that drives the test's tasks, if one does nothing else.
    probe: Option<Probe>,
    stillness: Stillness,
}

impl Watch {
    /// When there is something to do for it.
    fn next(&self, now: Instant) -> Instant {
        match self.looks {
            Some(_) => self.until.min(now + LOOK),
            None => self.until,
        }
    }

    /// Why it barks now, if it does.
    fn reason(&mut self, now: Instant) -> Option<Reason> {
        if self.until <= now {
            return Some(Reason::Late);
        }
        let looks = self.looks.as_mut()?;
        let poll = self.recorder.upgrade()?.poll_under_way();
        let stuck = looks.probe.as_mut().and_then(|probe| probe.look(poll));
        stuck.map(Reason::Stuck).or_else(|| looks.stillness.look().then_some(Reason::Still))
    }
}

/// The pitfalls of who does not come back; of who waits, as all others do; and of
/// who goes round and round. From a [`crate::Lab`].
#[derive(Clone, Copy)]
pub(crate) struct Means {
    pub stuck: Option<&'static str>,
    pub wait: Option<&'static str>,
    pub spin: &'static str,
}

/// Why it barks.
enum Reason {
    Late,
    Stuck(Stuck),
    Still,
}

#[derive(Default)]
struct Watchdog {
    watched: Mutex<Vec<Watch>>,
    news: Condvar,
}

impl Watchdog {
    fn watched(&self) -> MutexGuard<'_, Vec<Watch>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

static WATCHDOG: LazyLock<Arc<Watchdog>> = LazyLock::new(|| {
    let dog = Arc::new(Watchdog::default());
    let its = dog.clone();
    std::thread::Builder::new()
        .name("watchdog".into())
        .spawn(move || keep_watch(&its))
        .expect("a process that cannot start a thread cannot run tests either");
    dog
});

/// Ends the watch over one test.
pub(crate) struct Guard(Weak<Recorder>);

impl Drop for Guard {
    fn drop(&mut self) {
        WATCHDOG.watched().retain(|w| !w.recorder.ptr_eq(&self.0));
    }
}

/// Watches over the test of this recorder until the guard is dropped. The probe
/// is for a thread that does nothing but drive tasks.
pub(crate) fn watch(recorder: &Arc<Recorder>, means: Means, probe: Option<Probe>) -> Guard {
    let until = Instant::now() + limit();
    let looks = || Looks { probe, stillness: Stillness::default() };
    let looks = recorder.is_alone().then(looks);
    let watch = Watch { recorder: Arc::downgrade(recorder), means, until, looks };
    WATCHDOG.watched().push(watch);
    WATCHDOG.news.notify_one();
    Guard(Arc::downgrade(recorder))
}

fn limit() -> Duration {
    static LIMIT: LazyLock<u64> = LazyLock::new(|| {
        std::env::var("ASYNCLINGS_TEST_SECONDS")
            .ok()
            .and_then(|s| s.parse().ok())
            .unwrap_or(SECONDS)
    });
    Duration::from_secs(*LIMIT)
}

fn keep_watch(dog: &Watchdog) {
    let mut watched = dog.watched();
    loop {
        let now = Instant::now();
        let mut each = watched.iter_mut().enumerate();
        if let Some((at, reason)) = each.find_map(|(at, w)| Some((at, w.reason(now)?))) {
            let watch = watched.remove(at);
            if let Some(recorder) = watch.recorder.upgrade() {
                bark(&recorder, watch.means, reason);
            }
            continue;
        }
        let next = watched.iter().map(|w| w.next(now)).min();
        watched = match next {
            Some(until) => {
                let waited = dog.news.wait_timeout(watched, until - now);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => dog.news.wait(watched).unwrap_or_else(PoisonError::into_inner),
        };
    }
}

/// Says what is known and ends the process: the stuck thread cannot be ended
/// in any other way.
fn bark(recorder: &Arc<Recorder>, means: Means, reason: Reason) {
    recorder::with_current(recorder, || {
        let blamed = || means.stuck.map_or_else(plainly, blame);
        let in_poll = recorder.poll_under_way().is_some();
        let blamed = match reason {
            Reason::Stuck(Stuck::Asleep) => blame("blocking-sleep").because("thread-blocked", &[]),
            Reason::Stuck(Stuck::Computes(time)) => {
                let time = seconds(time);
                match in_poll {
                    true => blamed().because("computes-in-poll", &[("time", &time)]),
                    false => blame(means.spin).because("computes-on", &[("time", &time)]),
                }
            }
            Reason::Still => {
                let key = if in_poll { "waits-in-poll" } else { "waits-outside" };
                let check = means.wait.map_or_else(plainly, blame);
                check.because(key, &[("time", &seconds(STILL))])
            }
            Reason::Late => match recorder.polls_on() {
                // Each poll comes back, and takes its time.
                Some(count) => blame(means.spin).because("poll-cap", &[("count", &count)]),
                None => {
                    let key = if in_poll { "stuck-in-poll" } else { "stuck-outside" };
                    blamed().because(key, &[("limit", &seconds(limit()))])
                }
            },
        };
        // Fails by panic, like every check; here only its note in the record counts.
        let _ = std::panic::catch_unwind(move || blamed.now());
    });
    recorder::publish(recorder, &recorder.finish(None, ""));
    std::process::exit(FAILED);
}
