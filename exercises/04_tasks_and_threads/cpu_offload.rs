//! cpu_offload: work that computes, beside tasks that wait.
//!
//! You know this from asyncio:
//!
//!     digest = await loop.run_in_executor(None, digest_of, chunk)
//!
//!     for n, byte in enumerate(data):      # on the loop's thread, but politely
//!         step(byte)
//!         if n % 100 == 99:
//!             await asyncio.sleep(0)
//!
//! A task that computes keeps its thread until its next await. Nobody else on that
//! thread has a turn: no timer fires in time, no connection is answered.
//!
//! There are two ways out. Long work goes to another thread, and the task awaits
//! its end. Work that must stay here is cut into pieces, with an await between
//! them at which others really get a turn.
//!
//! Another thread has a price. Nobody can stop it from outside, so one that is no
//! longer wanted must look at a flag now and then, and somebody must set that.
//! And threads are not free: ten thousand of them are no plan.
//!
//! The functions below do all their work on the spot.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Computes the digest of a chunk, for a long time, or panics. Leave this one as
/// it is.
pub type Work = Arc<dyn Fn(&[u8]) -> u64 + Send + Sync>;

/// Whether work is still wanted. Clones share one flag. Leave this one as it is.
#[derive(Clone, Debug, Default)]
pub struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    /// From now on the work is not wanted any more.
    pub fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether it has been set.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Computes the digests of all chunks on other threads. They stand in the order of
/// the chunks.
///
/// Up to `limit` chunks are being worked on at the same time. As soon as one of
/// them is done, whichever it is, the next one begins. Nothing begins before the
/// first poll, and while this future waits, its own thread is free. If `work`
/// panics, so does this future.
pub async fn digest_all(chunks: Vec<Vec<u8>>, work: Work, limit: NonZeroUsize) -> Vec<u64> {
    // TODO: who else has a turn until the last one is done?
    let _ = limit;
    chunks.iter().map(|chunk| work(chunk)).collect()
}

/// Gives each byte to `step`, in order, on the thread that polls.
///
/// After every `every` bytes, and not in between, it lets all others go first and
/// then goes on. It waits for no time to pass.
pub async fn in_small_steps(data: &[u8], every: NonZeroUsize, step: impl FnMut(u8)) {
    // TODO: one step after the other, but where can others come in?
    let _ = every;
    data.iter().copied().for_each(step);
}

/// Does `job` on another thread, and gives what the job gives. If it panics, so
/// does this future.
///
/// The job gets a flag, and looks at it now and then. The flag is set as soon as
/// this future is dropped in the middle of the job; until then it is not. While
/// this future waits, its own thread is free.
pub async fn cancellable<T: Send + 'static>(job: impl FnOnce(StopFlag) -> T + Send + 'static) -> T {
    // TODO: not here, and not for ever.
    job(StopFlag::default())
}
