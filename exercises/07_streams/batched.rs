//! batched: an async iterator around another one.
//!
//! In asyncio you would begin like this:
//!
//!     async def batched(source, max):
//!         batch = []
//!         async for item in source:
//!             batch.append(item)
//!             if len(batch) == max:
//!                 yield batch
//!                 batch = []
//!
//! Two things are missing. The last items are never handed out. And a source
//! that falls quiet keeps a half-full batch for ever: `async for` waits for the
//! next item, and cannot look at a clock meanwhile.
//!
//! A stream by hand can. Each `poll_next` may poll as many things as it likes
//! before it says "not yet", and whichever of them moves first wakes the task.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use pin_project_lite::pin_project;

pin_project! {
    /// The items of another stream, in batches; see [`batched`].
    pub struct Batched<S: Stream> {
        #[pin]
        source: S,
        max: NonZeroUsize,
        wait: Duration,
        // TODO: what has to be remembered from one call to the next?
    }
}

/// Hands on the items of `source` in batches: all of them, in their order.
///
/// A batch is handed out as soon as one of these is true:
///
/// - it holds `max` items,
/// - `wait` has gone by since it took its first item,
/// - the source has ended: the rest is the last batch.
///
/// No batch is empty, so without items there is nothing to wait for but the
/// source. Each batch has its own `wait`; a further item does not prolong it.
///
/// Starts nothing: the source is asked when somebody asks for a batch, and only
/// for as much as that batch can hold.
pub fn batched<S: Stream>(source: S, max: NonZeroUsize, wait: Duration) -> Batched<S> {
    Batched { source, max, wait }
}

impl<S: Stream> Stream for Batched<S> {
    type Item = Vec<S::Item>;

    /// Asks for the next batch.
    ///
    /// Calls that come too early change nothing: no item is lost, and no `wait`
    /// begins again. The task that called last is woken when an item comes, and
    /// when the time is up. Behind the last batch the answer is `None`, however
    /// often it is called; a source that has ended is not asked again.
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Vec<S::Item>>> {
        let this = self.project();
        let _ = (this.source, this.max, this.wait, cx);
        todo!("a batch, the end, or not yet")
    }

    /// How many batches are still to come: (at least, at most).
    ///
    /// It need not be sharp, but it must never be wrong, whatever the source
    /// says of itself. `None` is "who knows".
    fn size_hint(&self) -> (usize, Option<usize>) {
        todo!("what follows from the source's own hint?")
    }
}
