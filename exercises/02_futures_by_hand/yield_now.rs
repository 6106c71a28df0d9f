//! yield_now: give the others a turn.
//!
//! You know this from asyncio:
//!
//!     for row in rows:
//!         work(row)
//!         await asyncio.sleep(0)      # others may run here
//!
//! A task runs until an await returns `Pending`. So a long loop without a wait
//! holds up everybody else, unless it gives way now and then. Here you build
//! the smallest future that does so: it waits for nothing, for exactly one turn.
//!
//! It needs no runtime and no clock, only the rule between a future and whoever
//! polls it: before you return `Pending`, make sure that somebody will call the
//! waker. Nobody polls you again without that.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Ends the turn of the task that awaits it, and lets it go on in the next.
pub fn yield_now() -> YieldNow {
    todo!("build a YieldNow")
}

/// The future that [`yield_now`] returns.
#[must_use = "a future does nothing until it is awaited"]
pub struct YieldNow {
    // TODO: what must it remember from one poll to the next?
}

impl Future for YieldNow {
    type Output = ();

    /// The first poll wakes its own task, exactly once and before it returns,
    /// and is `Pending`. The second poll is `Ready` and wakes nobody, and neither
    /// does a drop.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let _ = cx;
        todo!("Pending the first time, Ready the second time")
    }
}
