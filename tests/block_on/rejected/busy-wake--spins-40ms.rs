//! Most waits are short: spin for forty milliseconds, then sleep.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

struct Bell {
    rung: AtomicBool,
    sleeper: Thread,
}
impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, SeqCst);
        self.sleeper.unpark();
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let bell = Arc::new(Bell { rung: AtomicBool::new(false), sleeper: thread::current() });
    let waker = Waker::from(bell.clone());
    let mut context = Context::from_waker(&waker);
    let mut fut = pin!(fut);
    loop {
        if let Poll::Ready(output) = fut.as_mut().poll(&mut context) {
            return output;
        }
        let start = std::time::Instant::now();
        while !bell.rung.load(SeqCst) && start.elapsed() < Duration::from_millis(40) {
            std::hint::spin_loop();
        }
        while !bell.rung.swap(false, SeqCst) {
            thread::park();
        }
    }
}
