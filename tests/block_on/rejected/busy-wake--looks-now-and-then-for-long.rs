//! Polls only when it was woken, and looks five times a second whether it was.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

struct Bell(AtomicBool);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let bell = Arc::new(Bell(AtomicBool::new(false)));
    let waker = Waker::from(bell.clone());
    let mut context = Context::from_waker(&waker);
    let mut fut = pin!(fut);
    loop {
        if let Poll::Ready(output) = fut.as_mut().poll(&mut context) {
            return output;
        }
        while !bell.0.swap(false, SeqCst) {
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}
