//! One condition variable is enough for all calls: each has a flag of its own.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

static LOCK: Mutex<()> = Mutex::new(());
static CHANGED: Condvar = Condvar::new();

struct Bell(AtomicBool);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let _guard = LOCK.lock().unwrap();
        self.0.store(true, SeqCst);
        CHANGED.notify_one(); // wakes whoever has slept longest
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
        let mut guard = LOCK.lock().unwrap();
        while !bell.0.swap(false, SeqCst) {
            guard = CHANGED.wait(guard).unwrap();
        }
        drop(guard);
    }
}
