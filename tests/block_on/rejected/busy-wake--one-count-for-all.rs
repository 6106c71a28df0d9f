//! One number counts the wakes of all, under one lock, with one Condvar: notify_all.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

static WAKES: Mutex<u64> = Mutex::new(0);
static CV: Condvar = Condvar::new();
struct Bell;
impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *WAKES.lock().unwrap() += 1;
        CV.notify_all();
    }
}
pub fn block_on<F: Future>(fut: F) -> F::Output {
    let waker = Waker::from(Arc::new(Bell));
    let mut cx = Context::from_waker(&waker);
    let mut fut = pin!(fut);
    loop {
        let before = *WAKES.lock().unwrap();
        if let Poll::Ready(o) = fut.as_mut().poll(&mut cx) {
            return o;
        }
        drop(CV.wait_while(WAKES.lock().unwrap(), |n| *n == before).unwrap());
    }
}
