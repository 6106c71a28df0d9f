//! The flag under the lock; the sleeper sees it when it looks.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

struct Bell {
    rung: Mutex<bool>,
    cv: Condvar,
}
impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *self.rung.lock().unwrap() = true;
    }
}
pub fn block_on<F: Future>(fut: F) -> F::Output {
    let bell = Arc::new(Bell { rung: Mutex::new(false), cv: Condvar::new() });
    let waker = Waker::from(bell.clone());
    let mut cx = Context::from_waker(&waker);
    let mut fut = pin!(fut);
    loop {
        if let Poll::Ready(o) = fut.as_mut().poll(&mut cx) {
            return o;
        }
        let mut rung = bell.rung.lock().unwrap();
        while !std::mem::take(&mut *rung) {
            rung = bell.cv.wait(rung).unwrap();
        }
    }
}
