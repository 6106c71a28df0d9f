//! A wake must know who sleeps: a static remembers the thread.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

static SLEEPER: Mutex<Option<Thread>> = Mutex::new(None);

struct Unpark;

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        if let Some(thread) = &*SLEEPER.lock().unwrap() {
            thread.unpark();
        }
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    *SLEEPER.lock().unwrap() = Some(thread::current());
    let waker = Waker::from(Arc::new(Unpark));
    let mut fut = pin!(fut);
    loop {
        match fut.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
