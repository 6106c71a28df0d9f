//! consume: work on the items of a stream, some of them at once.
//!
//! You know this from asyncio:
//!
//!     limit = asyncio.Semaphore(2)
//!
//!     async def work(item):
//!         async with limit:
//!             return await f(item)
//!
//!     tasks = [asyncio.create_task(work(item)) async for item in source]
//!     results = await asyncio.gather(*tasks)
//!
//! It has a flaw: every item gets a task at once, also the ten-thousandth, and
//! most of them do nothing but wait for the semaphore. Here an item is taken
//! from the source when there is room for it, and not before.
//!
//! And there are no tasks. A task runs by itself; a future runs when somebody
//! polls it. So while you wait for the source, who polls the work that has begun?

use std::num::NonZeroUsize;

use futures::Stream;

/// Calls `f` for each item and gives back what came of them, in the order of the
/// items, whoever was done first.
///
/// At most `limit` items are being worked on at any moment, and none is taken
/// from the source that could not begin at once. What has begun goes on whatever
/// the source does; what has not been asked for does not begin. No tasks: `f`
/// and the items may borrow, and whoever drops this future ends all the work.
pub async fn map_ordered<T, R>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T) -> R,
) -> Vec<R> {
    let _ = (s, limit, f);
    todo!("some at once, in order")
}

/// Calls `f` for each item and comes back when all of them are done.
///
/// The same rules as above, and one more: there are no results to be kept in
/// order, so as soon as one item is done there is room for the next.
pub async fn for_each_limited<T>(
    s: impl Stream<Item = T>,
    limit: NonZeroUsize,
    f: impl AsyncFn(T),
) {
    let _ = (s, limit, f);
    todo!("some at once, as they come")
}
