//! pipeline: workers between two queues.
//!
//! You know this from asyncio:
//!
//!     async def worker():
//!         while True:
//!             await results.put(await f(await items.get()))
//!
//!     workers = [asyncio.create_task(worker()) for _ in range(3)]
//!
//! With `results = asyncio.Queue(maxsize=8)` this is one stage of a pipeline: a slow
//! reader slows down the workers, and they slow down whoever fills `items`. What it
//! lacks is an end. The workers never hear that no more items come, nor that
//! nobody wants their results, and one exception ends one worker for good.
//!
//! In Rust a queue has two ends with an owner each, and each end hears when the other
//! one is gone. All you need for a beginning, a middle and an end is in the queues.

use std::num::NonZeroUsize;

use futures::future::BoxFuture;
use tokio::sync::mpsc;

/// One stage of a pipeline: workers call `f` for each item of `rx`. What comes of it
/// goes into a queue with `cap` places; its other end is returned.
///
/// The workers run in tasks of the runtime, from this call on, whether or not anybody
/// reads.
///
/// - **At once.** There are `workers` of them. One that is free takes the next item as
///   soon as there is one. So as many items are worked on at once, whatever `cap`
///   is, and never more.
/// - **Back-pressure.** A worker whose result finds no place waits with it in its
///   hands, and takes nothing. So of the items that were taken, at most
///   `cap + workers` have not been read as results.
/// - **Nothing lost.** Each item has one result. They come as they are done: with one
///   worker, in the order of the items.
/// - **A panic** in a future of `f` costs the result of its item and nothing else. The
///   worker goes on with the next one.
/// - **The end** of `rx` ends the stage: after the last result the returned receiver
///   has an end as well, and no task is left.
/// - **The way back.** If the returned receiver is dropped, nobody wants results any
///   more. The tasks go at once, also in the middle of `f`, and `rx` goes with them: so
///   the stage before hears of it.
pub fn stage<T, U, F>(
    rx: mpsc::Receiver<T>,
    cap: NonZeroUsize,
    workers: NonZeroUsize,
    f: F,
) -> mpsc::Receiver<U>
where
    T: Send + 'static,
    U: Send + 'static,
    F: Fn(T) -> BoxFuture<'static, U> + Send + Sync + 'static,
{
    let _ = (rx, cap, workers, f);
    todo!("a queue for the results, and workers that fill it")
}
