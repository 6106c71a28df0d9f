//! A wake is a message, and one at a time has room: the next one waits.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::*;
use std::task::{Context, Poll, Wake, Waker};

struct Ring(SyncSender<()>);

impl Wake for Ring {
    fn wake(self: Arc<Self>) {
        let _ = self.0.send(());
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let (tx, rx) = sync_channel(1);
    let waker = Waker::from(Arc::new(Ring(tx)));
    let mut fut = pin!(fut);
    loop {
        if let Poll::Ready(o) = fut.as_mut().poll(&mut Context::from_waker(&waker)) {
            return o;
        }
        let _ = rx.recv();
    }
}
