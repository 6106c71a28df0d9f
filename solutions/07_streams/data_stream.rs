//! data_stream: the reference answer.
//!
//! A stream is a future that is asked more than once. `poll_next` keeps nothing
//! on its stack between two calls, so the struct holds the wait that has begun.

use std::fmt::Display;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::{Stream, StreamExt};
use kit::Log;
use tokio::time::{Sleep, sleep};

/// Hands out its items one by one; each is ready `every` after it was asked for.
///
/// The items are moved out, so `T` need not be `Clone`.
pub struct DataStream<T> {
    items: std::vec::IntoIter<T>,
    every: Duration,
    /// The wait for the next item, from the first call that asks for it until
    /// it is handed out. A `Sleep` must not move once it was polled, and this
    /// struct may: hence the box.
    wait: Option<Pin<Box<Sleep>>>,
}

/// No item is pinned while it lies in the stream, so the stream may move. That
/// is what allows `self.get_mut()` below.
impl<T> Unpin for DataStream<T> {}

impl<T> DataStream<T> {
    /// A stream of these items. Starts nothing: no wait begins before the first
    /// item is asked for.
    pub fn new(items: Vec<T>, every: Duration) -> Self {
        // A `Sleep` counts from when it is made, not from its first poll. Made
        // here it would run while nobody waits.
        DataStream { items: items.into_iter(), every, wait: None }
    }
}

impl<T> Stream for DataStream<T> {
    type Item = T;

    /// Asks for the next item.
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.get_mut();
        // Looked at before any wait: there is nothing to wait for at the end.
        // Nothing ever refills `items`, so every later call ends here too.
        if this.items.as_slice().is_empty() {
            return Poll::Ready(None);
        }
        // The first call for this item makes the timer; every further one finds
        // it here and polls the same timer again.
        let wait = this.wait.get_or_insert_with(|| Box::pin(sleep(this.every)));
        // Passing `cx` on is the whole waker contract: the timer keeps the
        // waker of the latest call and wakes that one.
        ready!(wait.as_mut().poll(cx));
        // A finished future must not be polled again. The next item gets a
        // timer of its own, when somebody asks for it.
        this.wait = None;
        Poll::Ready(this.items.next())
    }

    /// Exactly how many items are still to come: (at least, at most).
    fn size_hint(&self) -> (usize, Option<usize>) {
        // The iterator counts down by itself, and an item on its way is still in it.
        self.items.size_hint()
    }
}

/// Takes whatever stream it is given and handles one item after the other:
/// logs `processing {item}`, works on it for 0.2 s, and only then asks for the
/// next. Logs `done` when the stream has ended.
pub async fn process<T: Display>(s: impl Stream<Item = T>, log: &Log) {
    // `next()` borrows the stream mutably and polls it, so the stream has to
    // stay in its place: nothing says that this one is `Unpin`.
    let mut s = pin!(s);
    while let Some(item) = s.next().await {
        log.add(format!("processing {item}"));
        sleep(Duration::from_millis(200)).await;
    }
    log.add("done");
}
