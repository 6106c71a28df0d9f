//! Two threads that really run at the same time.
//!
//! On a busy machine the kernel likes to leave both threads of a small program
//! on one core: then they take turns, and never run into each other.

#[cfg(target_os = "linux")]
pub(crate) use linux::pin;

#[cfg(target_os = "linux")]
mod linux {
    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;

    const THIS_THREAD: Pid = Pid::from_raw(0);

    /// Until this is dropped, its thread stays on one core.
    pub(crate) struct Pinned(CpuSet);

    impl Drop for Pinned {
        fn drop(&mut self) {
            let _ = sched_setaffinity(THIS_THREAD, &self.0);
        }
    }

    /// Keeps this thread on one of the cores that it may use: for neighbouring
    /// numbers on different ones, if there are two. None where that cannot be.
    pub(crate) fn pin(number: usize) -> Option<Pinned> {
        let all = sched_getaffinity(THIS_THREAD).ok()?;
        let is_ours = |core: &usize| all.is_set(*core) == Ok(true);
        let cores: Vec<usize> = (0..CpuSet::count()).filter(is_ours).collect();
        let mut one = CpuSet::new();
        one.set(*cores.get(number % cores.len().max(1))?).ok()?;
        sched_setaffinity(THIS_THREAD, &one).ok()?;
        Some(Pinned(all))
    }
}

/// Elsewhere threads are where they are.
#[cfg(not(target_os = "linux"))]
pub(crate) fn pin(_number: usize) {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::collections::BTreeSet;
    use std::thread;

    use nix::sched::{CpuSet, sched_getaffinity};
    use nix::unistd::Pid;

    use super::pin;

    fn cores() -> Vec<usize> {
        let all = sched_getaffinity(Pid::from_raw(0)).unwrap();
        (0..CpuSet::count()).filter(|core| all.is_set(*core) == Ok(true)).collect()
    }

    #[test]
    fn neighbours_are_apart_and_go_free_again() {
        thread::spawn(|| {
            let free = cores();
            let mut used = BTreeSet::new();
            for number in [7, 8] {
                let pinned = pin(number);
                assert!(pinned.is_some());
                assert_eq!(cores().len(), 1);
                used.extend(cores());
                drop(pinned);
                assert_eq!(cores(), free);
            }
            assert_eq!(used.len(), free.len().min(2));
        })
        .join()
        .unwrap();
    }
}
