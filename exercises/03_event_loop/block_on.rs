//! block_on: run one future to its end, on this thread.
//!
//! You know this from asyncio:
//!
//!     loop = asyncio.new_event_loop()
//!     page = loop.run_until_complete(fetch())
//!
//! This is where async code meets ordinary code, and it is the smallest event
//! loop there is: poll; if that was `Pending`, sleep until the waker is called;
//! poll again. The waker you pass in is your own, and its only duty is to end
//! that sleep.
//!
//! A wake may come from any thread and at any moment: long after you went to
//! sleep, just before it, or while `poll` is still running. None may be lost.
//! And sleeping means sleeping: no polls that nobody asked for, no processor
//! time. (Sleeps of the standard library may end for no reason now and then, or for
//! a wake of an earlier call; the poll too many that follows is no harm.)

use std::future::Future;

/// Polls `fut` on this thread until it is ready, and sleeps in between.
///
/// The future may borrow, and it may be one that must not change threads.
/// Several threads may be in here at the same time, each with its own future. One
/// thread is not: nobody calls this inside of a poll that it makes.
pub fn block_on<F: Future>(fut: F) -> F::Output {
    let _ = fut;
    todo!("poll it, sleep until it is woken, poll it again")
}
