//! A channel for each poll: whatever ends the recv, it is time to poll.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use std::sync::mpsc::{Sender, channel};
struct Bell(Mutex<Sender<()>>);
impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let _ = self.0.lock().unwrap().send(());
    }
}
pub fn block_on<F: Future>(fut: F) -> F::Output {
    let mut fut = pin!(fut);
    loop {
        let (tx, rx) = channel();
        let waker = Waker::from(Arc::new(Bell(Mutex::new(tx))));
        if let Poll::Ready(o) = fut.as_mut().poll(&mut Context::from_waker(&waker)) {
            return o;
        }
        drop(waker);
        let _ = rx.recv();
    }
}
