//! The last resort: real time, for what no virtual clock can see.
//!
//! A blocked thread or a task that wakes itself for ever keeps the virtual
//! clock from moving, so the virtual deadline never comes. One thread a process
//! waits beside the tests; when one of them has not ended in a generous time,
//! it tells what is known and ends the process. A right answer takes
//! milliseconds and never meets it.

use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use record::timeline::seconds;

use crate::recorder::{self, Recorder};
use crate::{blame, plainly};

/// Real seconds that one test may take; `ASYNCLINGS_TEST_SECONDS` changes it.
const SECONDS: u64 = 10;

/// libtest's own exit code for "some test failed".
const FAILED: i32 = 101;

struct Watch {
    recorder: Weak<Recorder>,
    stuck: Option<&'static str>,
    until: Instant,
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

/// Watches over the test of this recorder until the guard is dropped.
pub(crate) fn watch(recorder: &Arc<Recorder>, stuck: Option<&'static str>) -> Guard {
    let watch =
        Watch { recorder: Arc::downgrade(recorder), stuck, until: Instant::now() + limit() };
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
        if let Some(late) = watched.iter().position(|w| w.until <= now) {
            let watch = watched.remove(late);
            if let Some(recorder) = watch.recorder.upgrade() {
                bark(&recorder, watch.stuck);
            }
            continue;
        }
        let next = watched.iter().map(|w| w.until).min();
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
fn bark(recorder: &Arc<Recorder>, stuck: Option<&'static str>) {
    let key = if recorder.is_in_poll() { "stuck-in-poll" } else { "stuck-outside" };
    let limit = seconds(limit());
    recorder::with_current(recorder, || {
        let blamed = stuck.map_or_else(plainly, blame).because(key, &[("limit", &limit)]);
        // Fails by panic, like every check; here only its note in the record counts.
        let _ = std::panic::catch_unwind(move || blamed.now());
    });
    recorder::publish(recorder, &recorder.finish(None));
    std::process::exit(FAILED);
}
