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

/// Whether the thread went to sleep while it did this: it waited for something, be it
/// for a moment. False where the system does not tell.
///
/// Once may be chance, as where a lock was just taken. So ask several times.
///
/// ```
/// # use kit::{falls_asleep, ms};
/// let naps = || std::thread::sleep(ms(1));
/// assert!(!cfg!(target_os = "linux") || (0..6).all(|_| falls_asleep(naps)));
/// ```
pub fn falls_asleep(body: impl FnOnce()) -> bool {
    let before = Effort::now();
    body();
    let spent = before.and_then(|before| Some(Effort::now()?.since(before)));
    spent.is_some_and(|spent| spent.naps > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_something_at_once_does_not_fall_asleep() {
        let asleep = (0..20).filter(|_| falls_asleep(|| drop(String::from("at once")))).count();
        assert!(asleep < 5, "{asleep}");
    }

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
