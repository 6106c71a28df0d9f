//! A flag under a lock, and a condition variable that tells of its change.

use std::future::Future;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

#[derive(Default)]
struct Bell {
    rang: Mutex<bool>,
    changed: Condvar,
}

impl Bell {
    fn wait(&self) {
        let rang = self.rang.lock().unwrap();
        let mut rang = self.changed.wait_while(rang, |rang| !*rang).unwrap();
        *rang = false;
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *self.rang.lock().unwrap() = true;
        self.changed.notify_one();
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let bell = Arc::new(Bell::default());
    let waker: Waker = bell.clone().into();
    let mut fut = Box::pin(fut);
    loop {
        match fut.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => break output,
            Poll::Pending => bell.wait(),
        }
    }
}
