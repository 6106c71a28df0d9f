//! What waiting costs: a thread that sleeps uses no processor.

use std::time::Duration;

#[cfg(target_os = "linux")]
use nix::sys::time::TimeValLike;

/// What the current thread has used since it began, as far as Linux tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// Time on a processor.
    pub cpu: Duration,
    /// How often the thread went to sleep by itself, and got up again.
    pub naps: u64,
    /// How often it had to leave the processor while there was work to do.
    pub turns: u64,
}

impl Effort {
    /// None where the system does not tell.
    #[cfg(target_os = "linux")]
    pub fn now() -> Option<Self> {
        use nix::sys::resource::{UsageWho, getrusage};
        let used = getrusage(UsageWho::RUSAGE_THREAD).ok()?;
        let cpu = used.user_time() + used.system_time();
        Some(Effort {
            cpu: Duration::from_micros(cpu.num_microseconds().try_into().ok()?),
            naps: used.voluntary_context_switches().try_into().ok()?,
            turns: used.involuntary_context_switches().try_into().ok()?,
        })
    }

    /// None: this system does not tell.
    #[cfg(not(target_os = "linux"))]
    pub fn now() -> Option<Self> {
        None
    }

    /// What was used since `earlier`.
    pub fn since(self, earlier: Self) -> Self {
        Effort {
            cpu: self.cpu.saturating_sub(earlier.cpu),
            naps: self.naps.saturating_sub(earlier.naps),
            turns: self.turns.saturating_sub(earlier.turns),
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
