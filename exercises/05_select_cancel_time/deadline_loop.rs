//! deadline_loop: whoever is first, and a loop that knows four ways to end.
//!
//! You know this from asyncio:
//!
//!     done, pending = await asyncio.wait(mirrors, return_when=FIRST_COMPLETED)
//!
//!     async with asyncio.timeout(total):      # around the loop: begins once
//!         while True:
//!             item = await asyncio.wait_for(queue.get(), idle)  # begins each time
//!
//! A race is decided when the first one is ready. Then the others must go, and in
//! Rust that means: they are dropped. But as long as there is no winner, each of
//! them must go on being polled. A future that you keep and do not poll is no
//! "task in the background". It stands still, with all that it holds.
//!
//! The loop waits for several things at once: `tokio::select!`. Mind two things
//! in it. What is built inside the loop begins again in every turn. And if
//! several branches are ready, somebody must say which one counts.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::{mpsc, watch};

/// Gives the result of the mirror that is ready first, and its place in the
/// list. None if there are no mirrors.
///
/// All of them are under way at once, from the first poll on, and whatever one
/// of them does while it waits, the others go on. When this returns, or is
/// dropped half-way, all mirrors are gone.
pub async fn first_of<T>(mirrors: Vec<BoxFuture<'static, T>>) -> Option<(usize, T)> {
    let _ = mirrors;
    todo!("race them all")
}

/// Why there are no more items. Leave this one as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// All senders are gone, and the queue is empty.
    Closed,
    /// Nothing has come for as long as `idle`.
    Idle,
    /// As much time as `total` has gone by.
    Total,
    /// It was told to stop.
    Stopped,
}

/// Takes items out of the queue, in order, until there is a reason to end. Then
/// it ends at once, and gives what it has taken.
///
/// - `idle` limits each pause. It begins anew with every item.
/// - `total` limits the whole. It begins with the first poll, and once only.
/// - `stop` comes before all else. Once it is cancelled, no further item is
///   taken, even if the queue is full.
/// - What is left in a queue without senders is still taken: that is no pause.
///
/// Until something happens it sleeps. When it has ended, or was dropped half-way,
/// nothing is left of it, and the queue can be used as before: what comes later is
/// there for the next call.
pub async fn collect_until<T>(
    rx: &mut mpsc::Receiver<T>,
    idle: Duration,
    total: Duration,
    stop: &Stop,
) -> (Vec<T>, Why) {
    let _ = (rx, idle, total, stop);
    todo!("a loop that waits for four things at once")
}

/// Tells many at once to stop. Clones share it. Leave this one as it is.
///
/// What `tokio_util` calls `CancellationToken` has these methods, too.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Stop {
    /// Says it, for ever.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was said, now.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is said. Ready at once if it was.
    pub async fn cancelled(&self) {
        // The sender is in `self`, so the channel cannot be closed meanwhile.
        let _ = self.0.subscribe().wait_for(|cancelled| *cancelled).await;
    }
}
