//! deadline_loop: the reference answer.
//!
//! For each future ask two things. Where is it built: before the loop, so that it
//! goes on from turn to turn, or inside, so that it begins anew? And who drops it?

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, select_all};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

/// Gives the result of the mirror that is ready first, and its place in the list.
pub async fn first_of<T>(mirrors: Vec<BoxFuture<'static, T>>) -> Option<(usize, T)> {
    // A race without runners is never decided: `select_all` panics.
    if mirrors.is_empty() {
        return None;
    }
    // It polls all of them until one is ready. The losers it hands back, still
    // alive. They are ours to drop, which the end of this function does.
    let (page, place, _losers) = select_all(mirrors).await;
    Some((place, page))
}

/// Why there are no more items.
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

/// Takes items out of the queue, in order, until there is a reason to end.
pub async fn collect_until<T>(
    rx: &mut mpsc::Receiver<T>,
    idle: Duration,
    total: Duration,
    stop: &Stop,
) -> (Vec<T>, Why) {
    let mut items = Vec::new();
    // Before the loop: one timer for all turns. `&mut end` below only borrows it,
    // so that it is still there when another branch has won. For that it must be
    // pinned, since it is polled in many turns and may not move in between.
    let mut end = pin!(sleep(total));
    let why = loop {
        tokio::select! {
            // From top to bottom, not by chance: who is asked first wins.
            biased;
            () = stop.cancelled() => break Why::Stopped,
            () = &mut end => break Why::Total,
            // Dropped in the middle, `recv` has not taken anything: nothing is lost.
            item = rx.recv() => match item {
                Some(item) => items.push(item),
                // Ready in every turn from now on. So there is no next turn.
                None => break Why::Closed,
            },
            // Inside the loop: a new timer in every turn. Here that is right, for
            // only an item leads to another turn.
            () = sleep(idle) => break Why::Idle,
        }
    };
    (items, why)
}

/// Tells many at once to stop. Clones share it.
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
