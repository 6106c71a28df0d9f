//! A wake unparks the thread. Which one? The current one, of course.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

struct Unpark;

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        thread::current().unpark(); // the thread that wakes, not the one that sleeps
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark));
    let mut context = Context::from_waker(&waker);
    let mut fut = pin!(fut);
    loop {
        if let Poll::Ready(output) = fut.as_mut().poll(&mut context) {
            return output;
        }
        thread::park();
    }
}
