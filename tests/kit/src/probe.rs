//! What a thread does, as another one sees it.
//!
//! Real time says little on a busy machine: who has not come back may just not
//! have had a turn. The kernel knows better. It counts the processor time of a
//! thread, and it knows of a thread that it lets sleep. A right answer never
//! sleeps inside a poll, for however short a time, and never computes in one for
//! a second, however long it may have to wait for its turn.

use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
use linux::Thread;

/// A thread that has slept in one go for at least this long, in real time. Who
/// sleeps for less comes back by itself, and the test's own checks see it.
const ASLEEP: Duration = Duration::from_millis(300);

/// Processor time of one poll. The longest of a right answer takes some
/// milliseconds. Not real time: while one test loops, the others wait for their
/// turn.
const COMPUTED: Duration = Duration::from_secs(1);

/// What is wrong with a thread that does not come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stuck {
    /// It sleeps, as by `std::thread::sleep`.
    Asleep,
    /// It has computed for so long within one poll.
    Computes(Duration),
}

/// What was seen so far of a thread that drives a test's tasks.
pub(crate) struct Probe {
    thread: Thread,
    /// Since when it was seen asleep, and its processor time then.
    asleep: Option<(Instant, Duration)>,
    /// The poll that is under way, by its beginning, and the processor time
    /// when it was first seen.
    poll: Option<(Instant, Duration)>,
    /// When the test began, if all of it counts as one poll.
    whole: Option<Instant>,
}

impl Probe {
    /// For the thread that calls this. None where the system does not tell.
    pub fn of_this_thread() -> Option<Self> {
        Thread::this().map(|thread| Probe { thread, asleep: None, poll: None, whole: None })
    }

    /// The same for a test that drives its tasks itself, and waits for nobody:
    /// it computes no longer than one poll may.
    pub fn of_a_whole_test() -> Option<Self> {
        Self::of_this_thread().map(|probe| Probe { whole: Some(Instant::now()), ..probe })
    }

    /// Looks at it once; `poll` is when the poll that is under way began. What
    /// it returns is certain: no load of the machine looks like it.
    pub fn look(&mut self, poll: Option<Instant>) -> Option<Stuck> {
        let used = self.thread.processor_time()?;
        // Asleep and with no time used in between: it is one and the same sleep.
        let same = self.asleep.filter(|(_, before)| *before == used);
        self.asleep = self.thread.is_asleep().then(|| same.unwrap_or((Instant::now(), used)));
        if self.asleep.is_some_and(|(since, _)| since.elapsed() >= ASLEEP) {
            return Some(Stuck::Asleep);
        }
        let poll = poll.or(self.whole);
        let same = self.poll.filter(|(began, _)| Some(*began) == poll);
        self.poll = poll.map(|began| same.unwrap_or((began, used)));
        let computed = used.saturating_sub(self.poll?.1);
        (computed >= COMPUTED).then_some(Stuck::Computes(COMPUTED))
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::time::Duration;

    use nix::libc::{SYS_clock_nanosleep, SYS_nanosleep, c_long};
    use nix::time::{ClockId, clock_gettime};
    use nix::unistd::{Pid, gettid};

    /// A thread of this process.
    pub(super) struct Thread(Pid);

    impl Thread {
        /// The one that calls this.
        pub fn this() -> Option<Self> {
            Some(Thread(gettid()))
        }

        /// What it has used so far. None if it has ended.
        pub fn processor_time(&self) -> Option<Duration> {
            // As Linux numbers the clocks of threads: MAKE_THREAD_CPUCLOCK with
            // CPUCLOCK_SCHED, include/linux/posix-timers_types.h.
            let clock = ClockId::from_raw((!self.0.as_raw() << 3) | 0b110);
            clock_gettime(clock).ok().map(Duration::from)
        }

        /// Whether it is in a call by which threads sleep. False where there is
        /// no /proc.
        pub fn is_asleep(&self) -> bool {
            let file = format!("/proc/self/task/{}/syscall", self.0);
            let call = fs::read_to_string(file).unwrap_or_default();
            // "running", or the number of the call and its arguments: proc(5).
            let number = call.split(' ').next().and_then(|n| n.parse::<c_long>().ok());
            number.is_some_and(|n| [SYS_nanosleep, SYS_clock_nanosleep].contains(&n))
        }
    }
}

#[cfg(not(target_os = "linux"))]
struct Thread;

#[cfg(not(target_os = "linux"))]
impl Thread {
    fn this() -> Option<Self> {
        None
    }

    fn processor_time(&self) -> Option<Duration> {
        None
    }

    fn is_asleep(&self) -> bool {
        false
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;

    use super::*;

    /// Looks at a thread that does this until something is certain, at most so
    /// often, and with a little time in between.
    fn seen(work: impl FnOnce() + Send + 'static, poll: bool, looks: usize) -> Option<Stuck> {
        let (say, hear) = channel();
        thread::spawn(move || {
            say.send(Probe::of_this_thread().unwrap()).unwrap();
            work();
        });
        let mut probe = hear.recv().unwrap();
        let poll = poll.then(Instant::now);
        (0..looks).find_map(|_| {
            thread::sleep(Duration::from_millis(10));
            probe.look(poll)
        })
    }

    const LONG: usize = 100_000;

    #[test]
    fn a_long_sleep_is_seen() {
        let sleeps = || thread::sleep(Duration::from_secs(3_600));
        assert_eq!(seen(sleeps, false, LONG), Some(Stuck::Asleep));
    }

    #[test]
    fn short_sleeps_one_after_the_other_are_not_a_long_one() {
        let naps = || {
            (0..200).for_each(|_| {
                thread::sleep(Duration::from_millis(5));
                // Some time is used, as by whoever has something to do.
                assert!((0..5_000).map(std::hint::black_box).sum::<u64>() > 0);
            });
        };
        assert_eq!(seen(naps, true, 80), None);
    }

    #[test]
    fn who_waits_for_others_is_not_asleep() {
        let (_hold, wait) = channel::<()>();
        let waits = move || assert!(wait.recv().is_err());
        assert_eq!(seen(waits, true, 80), None);
    }
}
