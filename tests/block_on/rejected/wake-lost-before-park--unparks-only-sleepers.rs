//! unpark is a system call, so only a sleeper is unparked.

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
        if ASLEEP.load(SeqCst) > 0 {
            self.sleeper.unpark();
        }
    }
}
static ASLEEP: AtomicUsize = AtomicUsize::new(0);
const _: Option<(Condvar, Mutex<()>)> = None;
pub fn block_on<F: Future>(fut: F) -> F::Output {
    let bell = Arc::new(Bell { rung: AtomicBool::new(false), sleeper: thread::current() });
    let waker = Waker::from(bell.clone());
    let mut context = Context::from_waker(&waker);
    let mut fut = pin!(fut);
    loop {
        if let Poll::Ready(output) = fut.as_mut().poll(&mut context) {
            return output;
        }
        while !bell.rung.swap(false, SeqCst) {
            ASLEEP.fetch_add(1, SeqCst);
            thread::park();
            ASLEEP.fetch_sub(1, SeqCst);
        }
    }
}
