//! Whether anything in this process still moves.
//!
//! Real time alone cannot tell a thread that waits for good from one that has
//! not had its turn on a busy machine. The kernel can: it knows who waits, and it
//! counts how often a thread has stopped running. If all threads wait, and none
//! of them has run in between, then none of them lacks a turn.

use std::time::{Duration, Instant};

/// Real time without any movement after which a test is given up. Longer than any
/// wait in a right answer or in a test of it; the longest is one of
/// [`patience`](crate::patience).
pub(crate) const STILL: Duration = Duration::from_secs(2);

/// What was seen so far of the threads of this process.
#[derive(Default)]
pub(crate) struct Stillness {
    /// Since when it has been still, and how often each thread had stopped then.
    since: Option<(Instant, Stops)>,
}

/// Of each thread its number and how often it has stopped running.
type Stops = Vec<(String, String)>;

impl Stillness {
    /// Looks once. Whether nothing but the thread that calls this has run for
    /// [`STILL`]. False where the system does not tell.
    pub fn look(&mut self) -> bool {
        let Some(stops) = stops_if_all_wait() else {
            self.since = None;
            return false;
        };
        match &self.since {
            Some((since, before)) if *before == stops => since.elapsed() >= STILL,
            _ => {
                self.since = Some((Instant::now(), stops));
                false
            }
        }
    }
}

/// None if one of the others does not wait.
#[cfg(target_os = "linux")]
fn stops_if_all_wait() -> Option<Stops> {
    let own = nix::unistd::gettid().to_string();
    let mut all = Stops::new();
    for task in std::fs::read_dir("/proc/self/task").ok()? {
        let task = task.ok()?;
        let thread = task.file_name().into_string().ok()?;
        if thread == own {
            continue;
        }
        // Lines of a name, a colon and a value: proc_pid_status(5).
        let status = std::fs::read_to_string(task.path().join("status")).ok()?;
        let value = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.map(str::trim)
        };
        if !value("State:")?.starts_with('S') {
            return None;
        }
        let stops = [value("voluntary_ctxt_switches:")?, value("nonvoluntary_ctxt_switches:")?];
        all.push((thread, stops.join(" ")));
    }
    Some(all)
}

#[cfg(not(target_os = "linux"))]
fn stops_if_all_wait() -> Option<Stops> {
    None
}
