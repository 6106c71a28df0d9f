//! Every wake is a message in a channel without limit, and every message a poll.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::task::{Context, Poll, Wake, Waker};

struct Caller(Sender<()>);

impl Wake for Caller {
    fn wake(self: Arc<Self>) {
        // Nobody listens any more: the call is over.
        let _ = self.0.send(());
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let (sender, calls) = channel();
    let waker = Waker::from(Arc::new(Caller(sender)));
    let mut fut = pin!(fut);
    loop {
        match fut.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => calls.recv().expect("the waker holds a sender"),
        }
    }
}
