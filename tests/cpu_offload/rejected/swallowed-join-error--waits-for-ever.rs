//! "Each thread sends what it has, and I take as many as there are chunks": of a thread that breaks nothing comes, and nothing ends.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;
use tokio::task::{spawn_blocking, yield_now};

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
    let count = chunks.len();
    let (send, mut digests) = mpsc::unbounded_channel();
    let queue = Arc::new(std::sync::Mutex::new(chunks.into_iter().enumerate()));
    let spawn = || {
        let (send, queue, work) = (send.clone(), queue.clone(), work.clone());
        std::thread::spawn(move || {
            loop {
                let next = queue.lock().unwrap().next();
                let Some((place, chunk)) = next else { return };
                let _ = send.send((place, work(&chunk)));
            }
        });
    };
    (0..limit.get().min(count)).for_each(|_| spawn());
    let mut all = vec![0; count];
    for _ in 0..count {
        if let Some((place, digest)) = digests.recv().await {
            all[place] = digest;
        }
    }
    all
}

/// Gives each byte to `step`, in order, on the thread that polls.
///
/// After every `every` bytes, and not in between, it lets all others go first and
/// then goes on. It waits for no time to pass.
pub async fn in_small_steps(data: &[u8], every: NonZeroUsize, mut step: impl FnMut(u8)) {
    for piece in data.chunks(every.get()) {
        piece.iter().copied().for_each(&mut step);
        if piece.len() == every.get() {
            yield_now().await;
        }
    }
}

/// Does `job` on another thread, and gives what the job gives. If it panics, so
/// does this future.
///
/// The job gets a flag, and looks at it now and then. The flag is set as soon as
/// this future is dropped in the middle of the job; until then it is not. While
/// this future waits, its own thread is free.
pub async fn cancellable<T: Send + 'static>(job: impl FnOnce(StopFlag) -> T + Send + 'static) -> T {
    let flag = StopFlag::default();
    // Set at the end as well, when nobody looks any more.
    let _guard = SetWhenDropped(flag.clone());
    on_another_thread(move || job(flag)).await
}

/// A panic over there is one here: whoever looks away loses it.
async fn on_another_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => resume_unwind(error.into_panic()),
    }
}

struct SetWhenDropped(StopFlag);

impl Drop for SetWhenDropped {
    fn drop(&mut self) {
        self.0.set();
    }
}
