//! What waiting costs: a thread that sleeps uses no processor.

use std::time::Duration;

/// What the current thread has used since it began, as far as Linux tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// Time on a processor.
    pub cpu: Duration,
    /// How often the thread went to sleep by itself, and got up again.
    pub naps: u64,
}

impl Effort {
    /// None where the system does not tell.
    pub fn now() -> Option<Self> {
        let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        let nanoseconds = schedule.split_whitespace().next()?.parse().ok()?;
        let status = std::fs::read_to_string("/proc/thread-self/status").ok()?;
        let naps = status.lines().find_map(|l| l.strip_prefix("voluntary_ctxt_switches:"))?;
        Some(Effort { cpu: Duration::from_nanos(nanoseconds), naps: naps.trim().parse().ok()? })
    }

    /// What was used since `earlier`.
    pub fn since(self, earlier: Self) -> Self {
        Effort {
            cpu: self.cpu.saturating_sub(earlier.cpu),
            naps: self.naps.saturating_sub(earlier.naps),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nap_is_told_from_work() {
        let Some(start) = Effort::now() else { return };
        for _ in 0..5 {
            std::thread::sleep(Duration::from_millis(20));
        }
        let slept = Effort::now().unwrap().since(start);
        assert!(slept.naps >= 5 && slept.cpu < Duration::from_millis(50), "{slept:?}");

        let start = Effort::now().unwrap();
        let end = std::time::Instant::now() + Duration::from_secs(60);
        let worked = loop {
            let so_far = Effort::now().unwrap().since(start);
            if so_far.cpu > Duration::from_millis(50) || std::time::Instant::now() > end {
                break so_far;
            }
        };
        assert!(worked.cpu > Duration::from_millis(50), "{worked:?}");
    }
}
