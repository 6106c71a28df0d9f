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

    /// Until this is dropped, its thread stays on one core.
    pub(crate) struct Pinned(CpuSet);

    impl Drop for Pinned {
        fn drop(&mut self) {
            let _ = sched_setaffinity(THIS_THREAD, &self.0);
        }
    }

    const THIS_THREAD: Pid = Pid::from_raw(0);

    /// Keeps this thread on one of the cores that it may use; on another one for
    /// each `place`, if there are so many. None where that cannot be.
    pub(crate) fn pin(place: usize) -> Option<Pinned> {
        let all = sched_getaffinity(THIS_THREAD).ok()?;
        let cores = (0..CpuSet::count()).filter(|core| all.is_set(*core) == Ok(true));
        let cores: Vec<usize> = cores.collect();
        // Many programs that do this should not all meet on the first cores.
        let first = std::process::id() as usize;
        let mut own = CpuSet::new();
        own.set(*cores.get((first + place) % cores.len().max(1))?).ok()?;
        sched_setaffinity(THIS_THREAD, &own).ok()?;
        Some(Pinned(all))
    }
}

/// Elsewhere threads are where they are.
#[cfg(not(target_os = "linux"))]
pub(crate) fn pin(_place: usize) {}
