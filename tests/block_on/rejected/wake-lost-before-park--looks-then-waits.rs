//! The flag is looked at, let go, and then waited for.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

struct Signal {
    woken: Mutex<bool>,
    news: Condvar,
}

impl Signal {
    fn is_woken(&self) -> bool {
        std::mem::take(&mut *self.woken.lock().unwrap())
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap() = true;
        self.news.notify_one();
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let signal = Arc::new(Signal { woken: Mutex::new(false), news: Condvar::new() });
    let waker = Waker::from(signal.clone());
    let mut cx = Context::from_waker(&waker);
    let mut fut = pin!(fut);
    loop {
        if let Poll::Ready(output) = fut.as_mut().poll(&mut cx) {
            return output;
        }
        while !signal.is_woken() {
            // Nobody has woken it yet, so it can lie down.
            let woken = signal.woken.lock().unwrap();
            drop(signal.news.wait(woken).unwrap());
        }
    }
}
