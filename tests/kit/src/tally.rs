//! Counting what is alive.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use record::Kind;

use crate::recorder::{self, Recorder};
use crate::{Blame, blame, plainly};

/// Counts tokens that were made and dropped: what still lives, how many lived
/// at once. Clones share the count.
#[derive(Clone)]
pub struct Tally {
    what: &'static str,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    made: AtomicUsize,
    dropped: AtomicUsize,
    live: AtomicUsize,
    peak: AtomicUsize,
}

impl Tally {
    /// A count of nothing yet. `what` names the things that are counted, for
    /// the diagnosis: "connections".
    pub fn of(what: &'static str) -> Self {
        Tally { what, counts: Arc::default() }
    }

    /// One more of them, alive until the token is dropped.
    pub fn token(&self) -> Token {
        self.counts.made.fetch_add(1, SeqCst);
        let live = self.counts.live.fetch_add(1, SeqCst) + 1;
        self.counts.peak.fetch_max(live, SeqCst);
        let recorder = recorder::current();
        if let Some(recorder) = &recorder {
            recorder.event(self.what, Kind::Created);
        }
        Token { tally: self.clone(), recorder }
    }

    /// How many are alive now.
    pub fn live(&self) -> usize {
        self.counts.live.load(SeqCst)
    }

    /// How many were alive at once, at most.
    pub fn peak(&self) -> usize {
        self.counts.peak.load(SeqCst)
    }

    /// How many were ever made.
    pub fn made(&self) -> usize {
        self.counts.made.load(SeqCst)
    }

    /// How many were dropped.
    pub fn dropped(&self) -> usize {
        self.counts.dropped.load(SeqCst)
    }

    /// Fails the test unless exactly this many are alive now.
    #[track_caller]
    pub fn should_live(&self, expected: usize, pitfall: &str) {
        self.compare(expected, blame(pitfall));
    }

    /// The same where it is no misunderstanding that has a name.
    #[track_caller]
    pub fn should_live_plainly(&self, expected: usize) {
        self.compare(expected, plainly());
    }

    #[track_caller]
    fn compare(&self, expected: usize, check: Blame) {
        let live = self.live();
        check
            .because(
                "still-alive",
                &[("count", &live), ("what", &self.what), ("expected", &expected)],
            )
            .unless(live == expected);
    }
}

/// One of the things that a [`Tally`] counts.
pub struct Token {
    tally: Tally,
    recorder: Option<Arc<Recorder>>,
}

impl Drop for Token {
    fn drop(&mut self) {
        self.tally.counts.live.fetch_sub(1, SeqCst);
        self.tally.counts.dropped.fetch_add(1, SeqCst);
        if let Some(recorder) = &self.recorder {
            recorder.event(self.tally.what, Kind::Dropped);
        }
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token({})", self.tally.what)
    }
}
