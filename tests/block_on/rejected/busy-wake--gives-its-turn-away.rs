//! Polls only when it was woken, and until then lets the others have a turn:
//! `time.sleep(0)` in a loop.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

struct Mark(AtomicBool);

impl Wake for Mark {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let mark = Arc::new(Mark(AtomicBool::new(true)));
    let waker = Waker::from(mark.clone());
    let mut context = Context::from_waker(&waker);
    let mut fut = pin!(fut);
    loop {
        while !mark.0.swap(false, SeqCst) {
            thread::yield_now();
        }
        if let Poll::Ready(output) = fut.as_mut().poll(&mut context) {
            return output;
        }
    }
}
