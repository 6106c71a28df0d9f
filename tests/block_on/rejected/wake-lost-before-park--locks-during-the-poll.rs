//! No wake may slip in between the poll and the sleep, so the lock is held from
//! before the poll.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

#[derive(Default)]
struct Bell {
    rang: Mutex<bool>,
    changed: Condvar,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *self.rang.lock().unwrap() = true;
        self.changed.notify_one();
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(bell.clone());
    let mut cx = Context::from_waker(&waker);
    let mut fut = pin!(fut);
    loop {
        let mut rang = bell.rang.lock().unwrap();
        *rang = false;
        if let Poll::Ready(o) = fut.as_mut().poll(&mut cx) {
            return o;
        }
        while !*rang {
            rang = bell.changed.wait(rang).unwrap();
        }
    }
}
