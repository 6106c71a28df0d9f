//! yield_now: the reference answer.
//!
//! A future between two polls is only the data it keeps. This one keeps one
//! bit: have I given way already?

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Ends the turn of the task that awaits it, and lets it go on in the next.
pub fn yield_now() -> YieldNow {
    YieldNow { gave_way: false }
}

/// The future that [`yield_now`] returns.
#[must_use = "a future does nothing until it is awaited"]
pub struct YieldNow {
    // In the struct and not in `poll`: local variables of `poll` are gone
    // when it returns, and a `static` would be shared by all tasks.
    gave_way: bool,
}

impl Future for YieldNow {
    type Output = ();

    /// The first poll wakes its own task, exactly once and before it returns,
    /// and is `Pending`. The second poll is `Ready` and wakes nobody, and neither
    /// does a drop.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.gave_way {
            return Poll::Ready(());
        }
        self.gave_way = true;
        // `Pending` says "I will call you". There is no event here that could
        // make the call later, so it is made now: the task goes to the end of
        // the queue, behind everybody who is waiting there.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
