//! A channel for each poll, and its end is the wake.

use std::future::Future;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

struct Once(Mutex<Option<SyncSender<()>>>);

impl Wake for Once {
    fn wake(self: Arc<Self>) {
        self.0.lock().unwrap().take();
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let mut fut = std::pin::pin!(fut);
    loop {
        let (tx, rx) = sync_channel::<()>(0);
        let once = Arc::new(Once(Mutex::new(Some(tx))));
        let waker = Waker::from(once.clone());
        if let Poll::Ready(o) = fut.as_mut().poll(&mut Context::from_waker(&waker)) {
            return o;
        }
        let _ = rx.recv();
    }
}
