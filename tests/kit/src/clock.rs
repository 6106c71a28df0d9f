//! Virtual time: how long something took, exactly.

use std::future::{Future, poll_fn};
use std::time::Duration;

use record::timeline::seconds;
use tokio::time::Instant;

use crate::{blame, plainly, recorder};

/// That many seconds.
pub const fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// That many milliseconds.
pub const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// Awaits `future` and tells how much virtual time went by.
pub fn timed<F: Future>(future: F) -> impl Future<Output = (F::Output, Duration)> {
    // Not an async fn, which would hold the future twice and compile to three
    // times as much, in every test that asks for a time.
    let mut future = Box::pin(future);
    let mut start = None;
    poll_fn(move |cx| {
        let start = *start.get_or_insert_with(Instant::now);
        future.as_mut().poll(cx).map(|output| (output, start.elapsed()))
    })
}

/// Starts a check of a duration on the virtual clock.
pub fn took(time: Duration) -> Took {
    let faster = "lazy-never-awaited";
    Took { time, slower: "sequential-awaits", faster, partly: Some(faster) }
}

/// A duration to be checked. On a virtual clock a right answer takes exactly
/// the time of its waits, so a difference always has a meaning.
#[must_use = "end with should_be"]
#[derive(Clone, Copy, Debug)]
pub struct Took {
    time: Duration,
    slower: &'static str,
    faster: &'static str,
    /// The pitfall of a time that is too short, but not nothing.
    partly: Option<&'static str>,
}

impl Took {
    /// The pitfall when it took longer. Without this: `sequential-awaits`.
    pub fn slower_means(mut self, pitfall: &'static str) -> Self {
        self.slower = pitfall;
        self
    }

    /// The pitfall when it took less, and the thread was not blocked in the
    /// meantime (that is `blocking-sleep`). Without this: `lazy-never-awaited`.
    pub fn faster_means(mut self, pitfall: &'static str) -> Self {
        (self.faster, self.partly) = (pitfall, Some(pitfall));
        self
    }

    /// Only no time at all means that nothing was awaited. Some time that is
    /// too short has no name: the wrong length, or not all that there was.
    pub fn lazy_only_if_none(mut self) -> Self {
        self.partly = None;
        self
    }

    /// Fails the test unless it took exactly this long.
    #[track_caller]
    pub fn should_be(self, expected: Duration) {
        if self.time == expected {
            return;
        }
        let missing = expected.saturating_sub(self.time);
        let still = recorder::current().is_some_and(|r| r.stood_still(missing));
        let (pitfall, key) = match self.time > expected {
            true => (Some(self.slower), "took-too-long"),
            false if still => (Some("blocking-sleep"), "thread-blocked"),
            false if self.time.is_zero() => (Some(self.faster), "took-too-little"),
            false => (self.partly, "took-too-little"),
        };
        let (time, wanted) = (seconds(self.time), seconds(expected));
        pitfall
            .map_or_else(plainly, blame)
            .because(key, &[("took", &time), ("expected", &wanted)])
            .expecting(expected)
            .now();
    }
}
