//! block_on: the reference answer.
//!
//! Everything hangs on one bit that outlives the moment: `woken`. A wake leaves
//! its mark there, so it does not matter whether anybody is asleep when it comes.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// What a wake reaches: a thread that may be asleep, and the mark that says
/// whether it should be.
struct Sleeper {
    thread: Thread,
    woken: AtomicBool,
}

impl Sleeper {
    /// Sleeps until there was a wake, and uses it up.
    fn sleep(&self) {
        // The mark is looked at before the first sleep: the wake may have come
        // during the poll. And it is looked at after each sleep: `park` may
        // return for no reason, and somebody else's `unpark` may end it.
        while !self.woken.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // First the mark, then the shake. Between our look at the mark and our
        // `park`, an `unpark` is not lost either: it makes that `park` return.
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

/// Polls `fut` on this thread until it is ready, and sleeps in between.
///
/// The future may borrow, and it may be one that must not change threads.
/// Several threads may be in here at the same time, each with its own future. One
/// thread is not: nobody calls this inside of a poll that it makes.
pub fn block_on<F: Future>(fut: F) -> F::Output {
    // The thread that shall wake up is this one: whoever calls `wake` may be
    // another, so the handle is taken here and not there.
    let sleeper = Arc::new(Sleeper { thread: thread::current(), woken: AtomicBool::new(false) });
    let waker = Waker::from(sleeper.clone());
    let mut context = Context::from_waker(&waker);
    // Pinned where it is, on this stack: nothing to allocate, nothing to send,
    // and borrows are fine because we do not return before it is done.
    let mut fut = pin!(fut);
    loop {
        if let Poll::Ready(output) = fut.as_mut().poll(&mut context) {
            return output;
        }
        sleeper.sleep();
    }
}
