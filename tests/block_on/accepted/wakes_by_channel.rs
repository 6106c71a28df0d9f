//! A channel with room for one message: the wake that is still to be answered.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::task::{Context, Poll, Wake, Waker};

struct Send(SyncSender<()>);

impl Wake for Send {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Full: a wake is waiting already. Closed: nobody is left to be woken.
        let _ = self.0.try_send(());
    }
}

pub fn block_on<F: Future>(fut: F) -> F::Output {
    let (sender, wakes) = sync_channel(1);
    let waker = Waker::from(Arc::new(Send(sender)));
    let mut fut = pin!(fut);
    let mut context = Context::from_waker(&waker);
    // One poll to begin with, then one for each wake.
    std::iter::once(())
        .chain(wakes.iter())
        .find_map(|()| match fut.as_mut().poll(&mut context) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        })
        .expect("the waker above keeps the channel open")
}
