//! A number that grows with each wake: asleep for as long as it is what it was
//! before the poll. The waker is made by `futures`.

use futures::task::{ArcWake, waker};
use std::future::Future;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll};

struct Pulse(Mutex<u64>, Condvar);

impl ArcWake for Pulse {
    fn wake_by_ref(arc: &Arc<Self>) {
        *arc.0.lock().unwrap() += 1;
        arc.1.notify_one();
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let pulse = Arc::new(Pulse(Mutex::new(0), Condvar::new()));
    let mut fut = std::pin::pin!(fut);
    loop {
        let seen = *pulse.0.lock().unwrap();
        let w = waker(pulse.clone());
        match fut.as_mut().poll(&mut Context::from_waker(&w)) {
            Poll::Ready(o) => return o,
            Poll::Pending => {}
        }
        let mut now = pulse.0.lock().unwrap();
        while *now == seen {
            now = pulse.1.wait(now).unwrap();
        }
    }
}
