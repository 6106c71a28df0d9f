//! A shared log on virtual time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use record::Kind;

use crate::blame;
use crate::recorder::{self, Recorder};

/// A list of lines that exercises write and tests read. Clones share the list.
///
/// What `print` is in the Python examples: the trace of what ran, in order.
#[derive(Clone, Default)]
pub struct Log {
    lines: Arc<Mutex<Vec<(Duration, String)>>>,
    recorder: Option<Arc<Recorder>>,
}

impl Log {
    /// An empty log.
    pub fn new() -> Self {
        Log { lines: Arc::default(), recorder: recorder::current() }
    }

    /// Appends a line.
    pub fn add(&self, line: impl Into<String>) {
        let line = line.into();
        let at = self.recorder.as_ref().map_or(Duration::ZERO, |r| r.now());
        if let Some(recorder) = &self.recorder {
            recorder.event(&line, Kind::Note);
        }
        self.locked().push((at, line));
    }

    /// All lines, in order.
    pub fn lines(&self) -> Vec<String> {
        self.locked().iter().map(|(_, line)| line.clone()).collect()
    }

    /// All lines as one text.
    pub fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// All lines with their times: `t=  1000 done`, in milliseconds of virtual time.
    pub fn timed(&self) -> String {
        let lines: Vec<String> = self
            .locked()
            .iter()
            .map(|(at, line)| format!("t={:>6} {line}", at.as_millis()))
            .collect();
        lines.join("\n")
    }

    /// When each line was written, in virtual time since the test began.
    pub fn instants(&self) -> Vec<Duration> {
        self.locked().iter().map(|(at, _)| *at).collect()
    }

    /// Fails the test unless the log holds exactly these lines.
    #[track_caller]
    pub fn should_be(&self, expected: &[&str], pitfall: &str) {
        let got = self.lines();
        if got != expected {
            let (got, expected) = (format!("{got:?}"), format!("{expected:?}"));
            blame(pitfall).because("log-differs", &[("got", &got), ("expected", &expected)]).now();
        }
    }

    fn locked(&self) -> MutexGuard<'_, Vec<(Duration, String)>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.lines()).finish()
    }
}
