//! sync_facade: an async library for code that is not async.
//!
//! You know this from asyncio:
//!
//!     loop = asyncio.new_event_loop()
//!     threading.Thread(target=loop.run_forever).start()
//!
//!     future = asyncio.run_coroutine_threadsafe(store.get("tea"), loop)
//!     value = future.result()              # this thread waits
//!
//! Not everybody can await. A callback, a test, a program that was there before:
//! they call a function and want a value. So somebody else has to drive the
//! store, somewhere else, and the caller waits as ordinary code does.
//!
//! Nobody knows where the caller is. It may be on a thread that drives tasks, far
//! down in a library that knows nothing of async. What does Tokio say if such a
//! thread is to drive a second runtime?
//!
//! And what drives the store must come to an end: when nobody wants it any more,
//! and also when the store breaks.

use std::io;

/// Something that async code can be asked. Leave this one as it is.
pub trait AsyncStore: Send + 'static {
    /// What there is for this key.
    fn get(&mut self, key: &str) -> impl Future<Output = Option<String>> + Send;
}

/// The store has panicked and is no more. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;
/// A store for ordinary code. Threads may share it.
///
/// The store is driven by a runtime of its own, which has timers. What the store
/// has spawned there goes on also while nobody asks for anything. A thread that
/// has to wait sleeps, on either side.
///
/// When this is dropped, so is the store, and the threads of its runtime end. The
/// same happens when the store panics, although this is still there.
pub struct BlockingStore {
    // TODO: what does a caller need to have in hand?
}

impl BlockingStore {
    /// Takes the store in. Like all the rest, it may be called by any thread, also
    /// where no runtime is, and also by one that drives tasks.
    pub fn new<S: AsyncStore>(store: S) -> io::Result<Self> {
        let _ = store;
        todo!()
    }

    /// What the store has for this key. Until that is known, the thread that calls
    /// is blocked.
    ///
    /// If several threads ask at the same time, the store gets one question after
    /// the other, and each thread gets the answer to its own. If the store panics,
    /// all who wait get [`Gone`], and so does everybody who asks later.
    pub fn get(&self, key: &str) -> Result<Option<String>, Gone> {
        let _ = key;
        todo!()
    }
}
